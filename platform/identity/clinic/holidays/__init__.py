"""The days on which a clinic is closed, and the opening hours with them."""
