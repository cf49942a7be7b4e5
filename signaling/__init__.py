"""Signaling: carries WebRTC offers, answers and candidates between the people of one visit."""
