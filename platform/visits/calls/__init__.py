"""Call attempts inside a visit: joining, what signaling says of them, and who is there."""
