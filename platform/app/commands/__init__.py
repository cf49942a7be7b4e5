"""What the `carethread` command does, beside starting processes."""
