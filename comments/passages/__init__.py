"""Passages of a report that readers speak about, and how they follow its text."""
