"""Drives, ways to give, and the ledger of gifts."""
