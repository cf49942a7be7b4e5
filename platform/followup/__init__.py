"""The followup package."""
