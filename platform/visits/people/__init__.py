"""More people in a visit: an interpreter, family, a carer, a nurse or a colleague who come in by a link."""
