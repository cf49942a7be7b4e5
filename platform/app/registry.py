"""Every slice of the application, in the order of their layers."""

from chart import slice as chart
from core.slices import Slice
from intake import slice as intake

SLICES: list[Slice] = [
    chart.SLICE,
    intake.SLICE,
]
