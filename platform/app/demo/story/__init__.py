"""What happened in the demo's clinic, and what happens there today."""
