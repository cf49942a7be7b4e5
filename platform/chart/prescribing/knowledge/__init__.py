"""What is known of medicines by name: which words mean which, and what belongs to which class. Pure."""
