"""The pharmacies at the other end of the wire, for the demo and tests."""
