"""Street lines as SCRIPT carries them: two, of 40 letters each."""

from collections.abc import Sequence

LONGEST = 40


def broken(lines: Sequence[str]) -> tuple[str, str] | None:
    """The lines in two, as they are where they fit, else broken between words; None where they are too long for that.

    Nothing is ever cut: half a street is another street.
    """
    first, rest = lines[0], ", ".join(lines[1:])
    if len(first) <= LONGEST and len(rest) <= LONGEST:
        return first, rest
    words = ", ".join(lines).split()
    for count in range(len(words), 0, -1):
        first, rest = " ".join(words[:count]).rstrip(","), " ".join(words[count:])
        if len(first) <= LONGEST:
            return (first, rest) if len(rest) <= LONGEST else None
    return None
