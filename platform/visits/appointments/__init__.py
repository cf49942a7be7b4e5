"""Appointments: a time that somebody booked, with everything that became of it. A visit is the care itself."""
