"""Red flags: what the rules decide over an intake, and why."""
