"""The intake as the prose of a chart: the third person, in English, made from coded answers.

What the patient reads on the screen is written to them ('I cannot swallow my own saliva'); a note says it of them
('Denies inability to swallow saliva.'). `data/chart_words.json` holds the chart's words for each question, by its
`linkId`; the kinds of entry are those of `Words`. What the patient typed stays in quotation marks, in their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from intake.questionnaires.evaluation import enabled, values
from intake.questionnaires.questionnaire import Answer, Answers, Item, Questionnaire

DATA = Path(__file__).parents[1] / "data" / "chart_words.json"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a chart says the answers of one question.

    `findings`: noun phrases by code, to be reported or denied. `options`: a sentence by code, and `denies` a phrase by
    code. `yes` and `no`: a sentence each. `number` (`one` for 1) and `words` (typed text): a sentence around the
    answer. `list` joins the `items` chosen; `none` stands where none fits. An empty sentence says nothing.
    """

    findings: dict[str, str] = {}
    options: dict[str, str] = {}
    denies: dict[str, str] = {}
    yes: str = ""
    no: str = ""
    number: str = ""
    one: str = ""
    words: str = ""
    list: str = ""
    items: dict[str, str] = {}
    none: str = ""


class Findings(msgspec.Struct):
    """What is there, what is said in a sentence of its own, and what is not there."""

    sentences: list[str] = []
    present: list[str] = []
    absent: list[str] = []


@cache
def chart_words() -> dict[str, Words]:
    """The chart's words by `linkId`."""
    return msgspec.json.decode(DATA.read_bytes(), type=dict[str, Words])


def narrative(questionnaire: Questionnaire, answers: Answers, scores: Sequence[str]) -> list[str]:
    """Paragraphs: why, the story, what is reported, and one list of what is denied. `scores` are sentences."""
    counted = values(questionnaire, answers)
    findings = Findings()
    quotes = []
    for item in enabled(questionnaire, answers):
        if item.hidden or item.link_id not in counted or any(o.score is not None for o in item.options):
            continue
        if item.note_section == "cc":
            quotes.append(f"In the patient's words: {_quoted(counted[item.link_id])}.")
        else:
            _sort_in(item, counted[item.link_id], findings)
    present = list(dict.fromkeys(findings.present))
    absent = [each for each in dict.fromkeys(findings.absent) if each not in present]
    paragraphs = [
        " ".join([f"Reason for visit: {questionnaire.title.en}.", *quotes]),
        " ".join([*findings.sentences, *scores]),
        f"Reports {listed(present)}." if present else "",
        f"Denies {listed(absent)}." if absent else "",
    ]
    return [each for each in paragraphs if each]


def listed(phrases: Sequence[str]) -> str:
    """`a, b and c`; with semicolons where a phrase has a comma, an `or` or an `and` of its own."""
    *most, last = phrases
    if not most:
        return last
    nested = any("," in each or " or " in each or " and " in each for each in phrases)
    return "; ".join(most) + f"; and {last}" if nested else ", ".join(most) + f" and {last}"


def _sort_in(item: Item, value: Answer, findings: Findings) -> None:
    words = chart_words().get(item.link_id)
    if words is None:
        findings.sentences.append(f"{item.short.en}: {_plain(item, value)}.")
    elif words.findings:
        chosen = value if isinstance(value, list) else [str(value)]
        findings.present += [phrase for code, phrase in words.findings.items() if code in chosen]
        asked = {option.code for option in item.options}
        findings.absent += [p for code, p in words.findings.items() if code in asked and code not in chosen]
    elif isinstance(value, str) and value in words.denies:
        findings.absent.append(words.denies[value])
    elif sentence := _sentence(words, item, value):
        findings.sentences.append(sentence)


def _sentence(words: Words, item: Item, value: Answer) -> str:
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, list):
        chosen = [words.items[code] for code in value if code in words.items]
        return words.list.format(listed(chosen)) if chosen else words.none
    if words.words:
        return words.words.format(_quoted(value))
    if words.number:
        return words.one if value == 1 and words.one else words.number.format(value)
    return words.options.get(str(value), f"{item.short.en}: {_plain(item, value)}.")


def _quoted(value: Answer) -> str:
    return f"“{' '.join(str(value).split()).rstrip('.')}”"


def _plain(item: Item, value: Answer) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    codes = value if isinstance(value, list) else [str(value)]
    options = {option.code: option.text.en for option in item.options}
    return "; ".join(options.get(code, code) for code in codes)
