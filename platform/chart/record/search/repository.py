"""The one search of the record, for our own screens and for FHIR: one patient's first, or the whole clinic's.

A search of one patient walks a b-tree by patient, type and date. One of the clinic begins with its most selective code:
a hot one has rows of its own, any other goes through the index of all codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, cast, column, exists, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Boolean, DateTime, Numeric, Text

from chart.record.models import Record
from chart.record.registry import SPECS
from chart.record.search import params as search_params
from chart.record.search.models import RecordSearch, RecordToken
from chart.record.search.params import Date, Param, Quantity, Reference, Token, Words, searched_by
from chart.record.search.ranges import Range
from chart.record.search.values import hashed, normalized
from core import audit
from core.database.session import ReadSession
from core.errors import Invalid, NotFound
from core.text.folding import containing

PAGE = 100
MAX_RESULTS = 1000

S = RecordSearch


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
    query = _query(read, kind, list(params), patient_id).limit(min(limit, MAX_RESULTS) + 1)
    if not include_errors:
        query = query.where(S.in_error.is_(False))
    records = (await read.scalars(query)).all()
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


def _query(read: ReadSession, kind: str, params: list[Param], patient_id: UUID | None) -> Select[Any]:
    query = select(Record).join(S, S.record_id == Record.id)
    of_type = and_(S.clinic_id == read.clinic_id, S.resource_type == kind)
    if patient_id is not None:
        conditions = [_holds(read, kind, each) for each in params]
        mine = query.where(of_type, S.patient_id == patient_id, *conditions)
        return mine.order_by(S.low.desc().nulls_last(), S.record_id.desc())
    first = _most_selective(kind, params)
    conditions = [_holds(read, kind, each) for each in params if each is not first]
    if first is not None:
        conditions.append(S.record_id.in_(_with_code(read, kind, first)))
    return query.where(of_type, *conditions).order_by(S.updated_at.desc(), S.record_id.desc())


def _most_selective(kind: str, params: Iterable[Param]) -> Token | Reference | None:
    """A hot code before any other code."""
    codes = [
        each
        for each in params
        if isinstance(each, Reference) or (isinstance(each, Token) and not each.but_not)
    ]
    hot = [each for each in codes if _is_hot(kind, each)]
    return next(iter([*hot, *codes]), None)


def _is_hot(kind: str, param: Token | Reference) -> bool:
    found = searched_by(kind, param)
    return found is not None and found.hot


def _with_code(read: ReadSession, kind: str, param: Token | Reference) -> Any:
    hashes = search_params.hashes(kind, param)
    if _is_hot(kind, param):
        of_type = (RecordToken.clinic_id == read.clinic_id, RecordToken.resource_type == kind)
        return select(RecordToken.record_id).where(*of_type, RecordToken.token.in_(hashes))
    searched_by(kind, param)
    return select(func.records_with_token(kind, cast(hashes, ARRAY(BigInteger))))


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
