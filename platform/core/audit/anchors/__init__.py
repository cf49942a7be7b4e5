"""Keeps the head of the audit's chain outside of the database, so that a cut or rewritten audit shows."""
