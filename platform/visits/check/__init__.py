"""The check before a visit: what camera, microphone, speaker and network promise of the call."""
