"""What keeps one client from taking what others need: connections, memory, records, writes."""
