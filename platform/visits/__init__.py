"""The visits package."""
