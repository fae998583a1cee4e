"""Addresses of what has a number are those that Django reverses, wherever the site is mounted."""

import pytest
from django.urls import reverse, set_script_prefix

from comments.numbered import numbered_address

NAMES = ["comments:permalink", "comments:reader", "comments:vote"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", [1, 20, 7_305_118_264, 2**63 - 1])
def test_address_is_the_one_that_is_reversed(name: str, number: int) -> None:
    assert numbered_address(name, number) == reverse(name, args=[number])
    try:
        set_script_prefix("/paper/")
        assert numbered_address(name, number) == reverse(name, args=[number])
    finally:
        set_script_prefix("/")
    assert numbered_address(name, number).startswith(("/comments/", "/readers/"))
