"""The probe: a peer of ours against which a browser tries its network before a visit (docs/signaling.md)."""
