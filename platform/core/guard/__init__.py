"""Limits for each client, so that none takes what others need: connections, memory, records, writes."""
