"""People who are asked into visits."""
