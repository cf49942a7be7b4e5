"""Every slice of the application, in the order of their layers."""

from core.slices import Slice

SLICES: list[Slice] = []
