"""Visit types: what patients can come for. Each clinic has its own rows and changes them on a page."""
