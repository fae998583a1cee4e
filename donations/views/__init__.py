"""What visitors see of donations: ``giving`` is for everyone, ``donors`` for those who gave."""
