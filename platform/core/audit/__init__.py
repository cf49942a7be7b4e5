"""The audit trail: written with what it tells of, sealed, and anchored outside."""

from core.audit.trail import log, looked_for, parameters

__all__ = ["log", "looked_for", "parameters"]
