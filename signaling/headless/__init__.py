"""A client of the protocol in Python: for tests, the bench and the demo's visits."""
