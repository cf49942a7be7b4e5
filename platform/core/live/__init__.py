"""Live push: what happened, told to the open screens that may know."""
