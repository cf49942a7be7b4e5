"""Rules as data: typed conditions over facts, decided here and on the web, explained in both languages.

`conditions` is what a rule may ask, `evaluation` decides and keeps what decided, `explanation` says it in words, and
`rulebook` reads a file of rules and makes decisions. docs/add-a-rule.md walks through adding a rule.
"""
