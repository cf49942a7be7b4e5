"""A person, whoever they are here: names, contacts, numbers, and their own profile."""
