"""PostgreSQL and Valkey on this machine, from their wheels, for a demo, for development and for tests.

Both listen on Unix sockets in a folder that only their account may enter, and ask for a password even there.
"""
