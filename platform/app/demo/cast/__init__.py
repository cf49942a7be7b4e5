"""Who is in the demo, and how they sign in."""
