"""Addresses of what has a number. A page holds a hundred of them, and Django reverses each anew."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

_ANY = 7_305_118_264  # occurs in no address of ours


def numbered_address(name: str, number: int) -> str:
    """Return the address of this name (as for ``reverse``) whose only part is a number."""
    before, after = _around(name, get_script_prefix(), get_urlconf())
    return f"{before}{number}{after}"


@lru_cache(maxsize=100)
def _around(name: str, _prefix: str, urlconf: str | None) -> tuple[str, str]:
    """Return what stands before and after the number. _prefix: ``reverse`` puts it in."""
    before, _number, after = reverse(name, urlconf, args=[_ANY]).partition(str(_ANY))
    return before, after
