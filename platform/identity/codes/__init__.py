"""One-time codes and links: asked for, delivered, and accepted once."""
