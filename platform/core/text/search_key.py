"""One key for a name however it is typed: "O'Hara" with any apostrophe and 'OHara', 'Mary Jane' and 'MaryJane'.

The database has a function of this name (migration 0020), which has to do the same. A test holds them together.
"""

import re
import unicodedata

# Combining marks of Latin, Greek, Cyrillic, Hebrew (points) and Arabic (vowels and hamza). Those of other scripts are
# letters of their own, such as the voicing marks of Japanese and the vowels of Hindi.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u0655\u0670]")
# Signs between letters: punctuation and blanks of ASCII and Latin-1, modifier letters (the okina), Armenian and Hebrew
# apostrophes, the Arabic stretching sign, general punctuation (hyphens, quotes, primes, zero-width joiners), the middle
# dots of Catalan and Japanese.
_SIGNS = re.compile(
    "[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u02b0-\u02ff"
    "\u055a-\u055f\u058a\u05be\u05f3\u05f4\u0640\u2000-\u206f\u3000-\u3004\u30a0\u30fb]"
)
# Letters that Unicode does not take apart, and Arabic and Persian letters that stand for one another in names.
_LETTERS = str.maketrans(
    "øłđðıħŧ\u03c2\u0671\u0649\u0629\u06a9\u06cc\u06c1\u06be\u06d5",
    "olddiht\u03c3\u0627\u064a\u0647\u0643\u064a\u0647\u0647\u0647",
)
_PAIRS = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))


def search_key(text: str) -> str:
    """The letters and digits of the text in lower case, without accents, signs and blanks (Unicode NFKD)."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)
    for letter, pair in _PAIRS:
        plain = plain.replace(letter, pair)
    return _SIGNS.sub("", plain)
