"""Votes that come too many at once: how they are noticed."""
