"""HTTP: how slices declare routes, and what happens around every request."""
