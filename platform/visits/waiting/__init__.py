"""The waiting room: the line, its estimate, and the clinicians' queue."""
