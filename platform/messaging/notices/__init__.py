"""Notices: the short texts by SMS and e-mail, from what is written down to the carrier."""
