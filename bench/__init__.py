"""Figures of speed, each beside a ceiling measured in the same run."""
