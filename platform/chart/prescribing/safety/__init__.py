"""What speaks against a prescription: the rules, and the check of one patient's chart."""
