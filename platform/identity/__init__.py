"""Identity: clinics, the people in them, how each proves who they are, and what each may do."""
