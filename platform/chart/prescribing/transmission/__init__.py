"""Between a signed prescription and its pharmacy: SCRIPT messages out and in, each counted once."""
