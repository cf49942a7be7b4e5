"""Finds in a patient's own words what a red flag would ask about: misspelt, lay, English and Spanish.

`tokens` cuts a text into words, `spelling` says which known words a typed one stands for, `lexicon` holds the words and
patterns (`data/red_flag_words.json`), and `context` leaves out what is denied, long ago or somebody else's. For what no
pattern finds, `features` says what a text is made of, and `learned` how much that speaks for danger and for which rule
(`data/red_flag_weights.json`). `mentions` puts them together. All of it is pure.

The web has the same in `web/src/lib/redFlags`; `tests/intake/words/vectors.json` holds both to one table.
"""
