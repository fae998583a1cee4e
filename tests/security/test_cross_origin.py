"""Posts from other sites do nothing: each address that takes a post, found by walking them all."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

pytestmark = pytest.mark.django_db
GIVEN = {
    "slug": "report-1", "token": "x", "number": 1, "pk": 1, "year": 2026, "month": 1, "path": "x",
    "uidb36": "1", "key": "set-password", "section": "articles", "digest": "x", "size": 180,
    "colour": "123456", "provider": "stripe", "object_id": "1", "name": "x",
    "app_label": "articles", "content_type_id": 1, "url": "x/", "step": "return", "id": "1",
    "link": 1, "revision": 1,
}  # fmt: skip


def views() -> Iterator[tuple[str, bool]]:
    """Yield the address of each view and whether it is exempt from Django's token."""

    def walk(
        resolver: URLResolver, space: str, above: list[str]
    ) -> Iterator[tuple[str, list[str], URLPattern]]:
        for pattern in resolver.url_patterns:
            part = pattern.pattern
            names = [*above, *(part.converters or part.regex.groupindex)]
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern, inner, names)
            elif pattern.name:
                yield f"{space}{pattern.name}", names, pattern

    for name, names, pattern in walk(get_resolver(), "", []):
        exempt = getattr(pattern.callback, "csrf_exempt", False)
        try:
            yield reverse(name, kwargs={one: GIVEN[one] for one in names}), exempt
        except (NoReverseMatch, KeyError) as missing:
            yield f"{name} {missing!r}", exempt  # an argument is missing above


@pytest.fixture
def addresses() -> list[tuple[str, bool]]:
    # Providers sign what they send to the webhooks; browsers have no business there.
    return [(a, e) for a, e in views() if not a.startswith("/webhooks/")]


def test_every_address_could_be_made(addresses: list[tuple[str, bool]]) -> None:
    assert [address for address, _exempt in addresses if not address.startswith("/")] == []
    assert sum(exempt for _address, exempt in addresses) >= 10


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_post_from_another_site_is_refused_where_no_token_is_asked_for(
    addresses: list[tuple[str, bool]], headers: dict[str, Any]
) -> None:
    client = Client(headers=headers)
    answers = {a: client.post(a, {"body": "x"}).status_code for a, exempt in addresses if exempt}
    assert {a: status for a, status in answers.items() if status != 403} == {}


@pytest.mark.slow
def test_post_without_the_token_is_refused_everywhere_else(
    addresses: list[tuple[str, bool]],
) -> None:
    client = Client(enforce_csrf_checks=True)
    answers = {a: client.post(a, {"x": "x"}).status_code for a, exempt in addresses if not exempt}
    assert {a: status for a, status in answers.items() if status != 403} == {}
