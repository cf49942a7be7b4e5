"""The demo clinic: synthetic people whose visits went through the product's own verbs, at times of the past.

Import `app.demo.seed` only where it is used: it loads the worker's parts too, which the API must not.
"""
