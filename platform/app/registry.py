"""Every slice of the application, in the order of their layers."""

from chart import slice as chart
from core.slices import Slice
from followup import slice as followup
from identity import slice as identity
from intake import slice as intake
from messaging import slice as messaging
from visits import slice as visits

SLICES: list[Slice] = [
    identity.SLICE,
    visits.SLICE,
    chart.SLICE,
    messaging.SLICE,
    intake.SLICE,
    followup.SLICE,
]
