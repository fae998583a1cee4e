"""A Postgres of our own, for when ``DATABASE_URL`` names none.

``server`` starts, shares and stops it; ``base`` is the Django database backend that asks for it at
the first connection, so that a command which needs no database starts none.
"""
