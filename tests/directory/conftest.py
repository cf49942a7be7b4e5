"""The directory's tests share the clinic at work of the visits' tests."""

from tests.visits.conftest import clinic, make_clinic_at_work

__all__ = ["clinic", "make_clinic_at_work"]
