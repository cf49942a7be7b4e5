"""The administrator's home: people, the clinic's settings, the audit."""
