"""E-prescribing: choosing a medicine, checking it, signing it, and bringing it to a pharmacy exactly once."""
