"""How to reach a patient: telephones and mailboxes beside the ones by which they sign in."""
