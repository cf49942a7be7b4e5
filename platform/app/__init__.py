"""The application put together: the only package that knows every slice."""
