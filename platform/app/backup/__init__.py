"""`carethread backup` and `carethread restore`: the whole clinic in one encrypted file, and back.

A backup holds the database as PostgreSQL's own dump, the encrypted files of patients, the anchors of the audit, and a
manifest of all that. It holds no key: it is sealed to the clinic's secret key, which has to be kept somewhere else.
"""
