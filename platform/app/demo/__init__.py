"""The demo clinic: synthetic people whose visits went through the product's own verbs, at times of the past.

Import `app.demo.seed` only where it is used: making histories takes seconds to load, which the API must not.
"""
