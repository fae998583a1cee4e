"""Whole public pages, kept in each worker's memory and dropped the moment they are no longer true.

Views say which of their pages may be kept (``cached_page``), what a page shows (``shows``) and
when it changes by itself (``changes_at``). The database tells all workers what has changed
(``triggers``, ``listener``); ``wsgi`` answers from what is kept. This package knows no app; every
app may import it.
"""

from pagecache.pages import cached_page, changes_at, midnight, shows

__all__ = ["cached_page", "changes_at", "midnight", "shows"]
