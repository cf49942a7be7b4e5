"""Places and ways to reach people."""
