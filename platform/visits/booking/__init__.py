"""Booked times: clinicians' weekly hours, what is open, taking a time and giving it back."""
