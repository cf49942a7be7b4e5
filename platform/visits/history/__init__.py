"""How the calls of a visit went: what each page measured, where it dropped, and who found it bad."""
