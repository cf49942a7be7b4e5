"""From a draft to a signed prescription."""
