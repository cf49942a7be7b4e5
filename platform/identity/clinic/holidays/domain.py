"""What a clinic's list of holidays may hold. Pure."""

from datetime import timedelta

MAX_NAME = 100
MAX_DAYS = 1000
FURTHEST = timedelta(days=5 * 366)
"""So far ahead may a day be closed."""
