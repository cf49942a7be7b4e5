"""Text that is searched, compared or exported."""
