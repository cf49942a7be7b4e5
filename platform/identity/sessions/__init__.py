"""Sign-ins as they last: session rows, their tokens and cookies, and who is behind a request."""
