"""Every slice of the application, in the order of their layers."""

from chart import slice as chart
from core.slices import Slice
from followup import slice as followup
from intake import slice as intake
from messaging import slice as messaging

SLICES: list[Slice] = [
    chart.SLICE,
    messaging.SLICE,
    intake.SLICE,
    followup.SLICE,
]
