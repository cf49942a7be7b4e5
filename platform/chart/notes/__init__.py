"""The visit's note: saved in versions, made ready, signed once, and only added to afterwards."""
