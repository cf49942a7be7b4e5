"""A patient's account: who gets in on a new device, what is asked again, whose a contact is, and what staff mend."""
