"""Tests of the anchors of the audit."""
