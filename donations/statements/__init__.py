"""Gifts out of the files that providers let one download: read, look at first, then record."""
