"""Where a clinic is: its locations, each with what it has of its own; the rest is as the clinic has it."""
