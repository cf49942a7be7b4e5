"""The one search of the record, for our own screens and for FHIR: one patient's first, or the whole clinic's.

A hot code has rows of its own, by patient and date and by clinic and last change: a search for one walks those, newest
first, until its page is full. Any other search of a patient walks their records of the type by date. Any other of the
clinic begins with its most selective code in the index of all codes; where a code of few values is all that is asked,
it walks the clinic's records of the type by last change, of which many have it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    cast,
    column,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Boolean, DateTime, Numeric, Text

from chart.record.models import Record
from chart.record.registry import SPECS
from chart.record.search import params as search_params
from chart.record.search.models import RecordSearch, RecordToken
from chart.record.search.params import Date, Param, Quantity, Reference, Token, Words, searched_by
from chart.record.search.ranges import Range
from chart.record.search.values import hashed, normalized
from chart.record.spec import Searched
from core import audit
from core.database.session import ReadSession
from core.errors import Invalid, NotFound
from core.text.folding import containing

PAGE = 100
MAX_RESULTS = 1000

S, T = RecordSearch, RecordToken


class Found(NamedTuple):
    records: Sequence[Record]
    more: bool
    """Whether there are others beyond the limit."""


async def search(
    read: ReadSession,
    kind: str,
    params: Iterable[Param] = (),
    *,
    patient_id: UUID | None = None,
    include_errors: bool = False,
    limit: int = PAGE,
    action: str = "chart.read",
) -> Found:
    """The records of a type for which every parameter holds, audited: a patient's by date, a clinic's by last change.

    The newest come first. Whose chart it is, the caller has asked (`chart.access`). Raises Invalid for a type, a
    parameter or a value that is none, NotFound for a patient who does not say whose.
    """
    if kind not in SPECS:
        raise Invalid({"resourceType": "unsupported"})
    if patient_id is None and (read.actor_or_none is None or read.actor.is_patient):
        raise NotFound
    asked = _Asked(kind, list(params), patient_id, include_errors, min(limit, MAX_RESULTS) + 1)
    records = (await read.scalars(_query(read, asked))).all()
    shown = records[: min(limit, MAX_RESULTS)]
    await audit.log(
        read,
        action,
        patient_id=patient_id,
        patients=() if patient_id else {each.patient_id for each in shown},
        detail={"type": kind, "found": len(shown)},
    )
    return Found(shown, len(records) > len(shown))


async def newest_of_each(
    read: ReadSession, kinds: Sequence[str], patient_id: UUID, *, action: str, limit: int = PAGE
) -> Mapping[str, Found]:
    """A patient's newest records of several types, audited: one statement however many types there are."""
    kind = (
        func.unnest(cast(kinds, ARRAY(Text))).table_valued(column("name", Text), name="kind").render_derived()
    )
    newest = (
        select(S.record_id, S.low)
        .where(S.clinic_id == read.clinic_id, S.patient_id == patient_id, S.resource_type == kind.c.name)
        .where(S.in_error.is_(False))
        .order_by(S.low.desc().nulls_last(), S.record_id.desc())
        .limit(limit + 1)
        .lateral("newest")
    )
    query = (
        select(Record)
        .select_from(kind.join(newest, true()).join(Record, Record.id == newest.c.record_id))
        .order_by(newest.c.low.desc().nulls_last(), newest.c.record_id.desc())
    )
    records: dict[str, list[Record]] = {each: [] for each in kinds}
    for record in await read.scalars(query):
        records[record.resource_type].append(record)
    shown = sum(min(len(each), limit) for each in records.values())
    detail = {"types": len(kinds), "found": shown}
    await audit.log(read, action, patient_id=patient_id, entity=("patient", patient_id), detail=detail)
    return {name: Found(each[:limit], len(each) > limit) for name, each in records.items()}


class _Asked(NamedTuple):
    kind: str
    params: list[Param]
    patient_id: UUID | None
    include_errors: bool
    most: int


def _query(read: ReadSession, asked: _Asked) -> Select[Any]:
    first = _most_selective(asked.kind, asked.params)
    if first is not None and _searched(asked.kind, first).hot:
        return _by_hot_code(read, asked, first)
    conditions = _conditions(read, asked, None if asked.patient_id else first)
    if first is not None and asked.patient_id is None:
        hashes = cast(search_params.hashes(asked.kind, first), ARRAY(BigInteger))
        conditions.append(S.record_id.in_(select(func.records_with_token(asked.kind, hashes))))
    query = select(Record).join(S, S.record_id == Record.id).where(*conditions)
    return _newest_first(query, S, asked).limit(asked.most)


def _by_hot_code(read: ReadSession, asked: _Asked, first: Token | Reference) -> Select[Any]:
    """The newest that fit, in the order of the code's rows; of several codes the newest of each, and of those.

    Row-level security of the record belongs inside: what it hides takes no place on the page.
    """
    hashes = search_params.hashes(asked.kind, first)
    if len(hashes) == 1:
        return _with_hot_code(read, asked, first, select(Record), literal(hashes[0], BigInteger))
    code = (
        func.unnest(cast(hashes, ARRAY(BigInteger)))
        .table_valued(column("hash", BigInteger), name="code")
        .render_derived()
    )
    newest = _with_hot_code(read, asked, first, select(Record.id), code.c.hash).lateral("newest")
    ids = select(newest.c.id).select_from(code.join(newest, true()))
    query = select(Record).join(S, S.record_id == Record.id).where(Record.id.in_(ids))
    return _newest_first(query, S, asked).limit(asked.most)


def _with_hot_code(
    read: ReadSession, asked: _Asked, first: Param, query: Select[Any], code: ColumnElement[int]
) -> Select[Any]:
    whose = [T.patient_id == asked.patient_id] if asked.patient_id else []
    rows = (
        query.join(S, S.record_id == Record.id)
        .join(T, T.record_id == Record.id)
        .where(T.clinic_id == read.clinic_id, T.resource_type == asked.kind, T.token == code, *whose)
        .where(*_conditions(read, asked, first))
    )
    return _newest_first(rows, T, asked).limit(asked.most)


def _conditions(read: ReadSession, asked: _Asked, without: Param | None) -> list[ColumnElement[bool]]:
    """What a row of the index has to fulfil, but for a parameter that is asked otherwise."""
    conditions = [_holds(read, asked.kind, each) for each in asked.params if each is not without]
    conditions += [S.clinic_id == read.clinic_id, S.resource_type == asked.kind]
    if asked.patient_id is not None:
        conditions.append(S.patient_id == asked.patient_id)
    if not asked.include_errors:
        conditions.append(S.in_error.is_(False))
    return conditions


def _newest_first(
    query: Select[Any], rows: type[RecordSearch] | type[RecordToken], asked: _Asked
) -> Select[Any]:
    if asked.patient_id is not None:
        return query.order_by(rows.low.desc().nulls_last(), rows.record_id.desc())
    return query.order_by(rows.updated_at.desc(), rows.record_id.desc())


def _most_selective(kind: str, params: Iterable[Param]) -> Token | Reference | None:
    """A hot code before any other code; none of few values."""
    codes = [
        each
        for each in params
        if isinstance(each, Reference) or (isinstance(each, Token) and not each.but_not)
    ]
    searched = [(each, _searched(kind, each)) for each in codes]
    hot = [each for each, found in searched if found.hot]
    return next(iter([*hot, *(each for each, found in searched if not found.few)]), None)


def _searched(kind: str, param: Token | Reference) -> Searched:
    found = searched_by(kind, param)
    if found is None:
        raise Invalid({param.name: "unknown_parameter"})
    return found


def _holds(read: ReadSession, kind: str, param: Param) -> ColumnElement[bool]:
    searched_by(kind, param)
    if isinstance(param, Token):
        return not_(_has(kind, param)) if param.but_not else _has(kind, param)
    if isinstance(param, Reference):
        return _has(kind, param)
    if isinstance(param, Date):
        return _date_holds(read, kind, param)
    if isinstance(param, Quantity):
        return _quantity_holds(kind, param)
    return _words_hold(param)


def _has(kind: str, param: Token | Reference) -> ColumnElement[bool]:
    return S.tokens.op("&&", return_type=Boolean())(
        cast(search_params.hashes(kind, param), ARRAY(BigInteger))
    )


def _date_holds(read: ReadSession, kind: str, param: Date) -> ColumnElement[bool]:
    sought = search_params.time_of(param, read.now())
    if param.name == search_params.LAST_UPDATED:
        updated = S.updated_at.expression
        return _compared(updated, updated, sought, param.comparator, instant=True)
    each = (
        func.unnest(S.date_keys, S.date_lows, S.date_highs)
        .table_valued(
            column("key", BigInteger),
            column("low", DateTime(timezone=True)),
            column("high", DateTime(timezone=True)),
            name="each_date",
        )
        .render_derived()
    )
    fits = _compared(each.c.low, each.c.high, sought, param.comparator)
    return exists(select(true()).select_from(each).where(each.c.key == hashed(kind, param.name), fits))


def _compared(
    low: ColumnElement[Any],
    high: ColumnElement[Any],
    sought: Range,
    comparator: str,
    *,
    instant: bool = False,
) -> ColumnElement[bool]:
    """FHIR's comparison of two ranges, each without its upper end; an instant has no length."""
    within = and_(low >= sought.low, high < sought.high if instant else high <= sought.high)
    after, before = high >= sought.high if instant else high > sought.high, low < sought.low
    return {
        "eq": within,
        "ne": not_(within),
        "gt": after,
        "lt": before,
        "ge": or_(after, within),
        "le": or_(before, within),
        "sa": low >= sought.high,
        "eb": high < sought.low if instant else high <= sought.low,
        "ap": and_(low < sought.high, high >= sought.low if instant else high > sought.low),
    }[comparator]


def _quantity_holds(kind: str, param: Quantity) -> ColumnElement[bool]:
    low, high = search_params.value_of(param)
    each = (
        func.unnest(S.quantity_keys, S.quantity_values)
        .table_valued(column("key", BigInteger), column("value", Numeric), name="each_quantity")
        .render_derived()
    )
    value = each.c.value
    equal = and_(value >= low, value < high)
    fits: ColumnElement[bool] = {
        "eq": equal,
        "ap": and_(value >= low, value <= high),
        "ne": not_(equal),
        "gt": value > param.value,
        "sa": value > param.value,
        "lt": value < param.value,
        "eb": value < param.value,
        "ge": or_(value > param.value, equal),
        "le": or_(value < param.value, equal),
    }[param.comparator]
    key = search_params.unit_key(kind, param)
    return exists(select(true()).select_from(each).where(each.c.key == key, fits))


def _words_hold(param: Words) -> ColumnElement[bool]:
    each = func.unnest(S.strings).table_valued(column("words", Text), name="each_string").render_derived()
    inside = containing(normalized(param.text))
    pattern = f"{param.name}={inside if param.anywhere else inside.removeprefix('%')}"
    return exists(select(true()).select_from(each).where(each.c.words.like(pattern)))
