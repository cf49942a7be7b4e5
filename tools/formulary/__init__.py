"""The starter drug set."""
