"""The versions of a record as people read them: what changed, who did it, and what was taken back."""
