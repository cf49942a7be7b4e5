"""Messages between a patient and the clinic, and the short notices that say there is one."""
