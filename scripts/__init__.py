"""Tools for a checkout of Carethread; no part of what is installed on a server."""
