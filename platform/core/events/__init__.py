"""Events and regular work: the outbox, its relay, wakes, and cron jobs."""
