"""The audit trail: written with what it tells of, sealed, and anchored outside."""
