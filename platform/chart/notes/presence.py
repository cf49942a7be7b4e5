"""The note says who else was in the visit's call: a line of ours in it, unless the clinician writes that line."""

import msgspec

from chart.notes import service
from chart.notes.domain import SECTION_LIMIT, NoteContent
from chart.notes.models import Note
from core.database.session import WriteSession
from visits.people import attendance
from visits.people.attendance import LINE


async def name_present(write: WriteSession, note: Note, content: NoteContent) -> NoteContent:
    """The note's content with who was there so far, as another version where that changes it."""
    right = await attendance.in_words(write, note.visit_id)
    named = with_present(content, note.present_line, right) if right else None
    if right is None or named is None:
        return content
    note.present_line = right
    if named != content:
        await service.keep(write, note, named)
    return named


def with_present(content: NoteContent, ours: str | None, right: str) -> NoteContent | None:
    """The note with this line at the end of what was observed. `ours` is the line that we wrote last: it is replaced
    where it still stands. None where the clinician wrote a line of their own about it."""
    lines = content.objective.split("\n") if content.objective else []
    if right in lines:
        return content
    if ours in lines:
        lines[lines.index(ours)] = right
    elif any(line.startswith(LINE) for line in lines):
        return None
    else:
        lines.append(right)
    told = "\n".join(lines)
    return msgspec.structs.replace(content, objective=told) if len(told) <= SECTION_LIMIT else None
