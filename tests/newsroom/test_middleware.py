"""Public pages, caches, writes from elsewhere, and bytes that are none."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from newsroom.middleware import (
    PublicPageMiddleware,
    SameOriginWritesMiddleware,
    is_same_origin,
)


def cache_control(response: HttpResponse, method: str = "get") -> set[str]:
    request = getattr(RequestFactory(), method)("/")
    return set(PublicPageMiddleware(lambda _r: response)(request)["Cache-Control"].split(", "))


def test_page_made_without_asking_who_reads_is_public() -> None:
    assert "public" in cache_control(HttpResponse("text"))


def test_only_caches_on_the_way_may_show_an_older_page_for_a_moment() -> None:
    response = PublicPageMiddleware(lambda _r: HttpResponse("text"))(RequestFactory().get("/"))
    assert "stale-while-revalidate" not in response["Cache-Control"]
    assert "max-age=0" in response["Cache-Control"]
    assert "stale-while-revalidate=2" in response["CDN-Cache-Control"]


def test_page_that_depends_on_cookies_is_private() -> None:
    assert cache_control(HttpResponse("text", headers={"Vary": "Cookie"})) == {
        "private",
        "no-store",
    }


def test_page_that_sets_a_cookie_is_private() -> None:
    response = HttpResponse("text")
    response.set_cookie("reader", "1")
    assert cache_control(response) == {"private", "no-store"}


@pytest.mark.parametrize("status", [302, 303, 400, 403, 500, 503])
def test_failures_and_redirects_after_writes_are_not_kept(status: int) -> None:
    assert cache_control(HttpResponse("text", status=status)) == {"private", "no-store"}


def test_answer_to_a_post_is_private() -> None:
    assert cache_control(HttpResponse("text"), "post") == {"private", "no-store"}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_writes_are_taken_from_our_own_pages_only(headers: dict[str, str], allowed: bool) -> None:
    assert is_same_origin(RequestFactory().post("/", headers=headers)) is allowed


def test_guard_leaves_views_with_a_token_to_django() -> None:
    def with_token(request: HttpRequest) -> HttpResponse:
        return HttpResponse(get_token(request))

    guard = SameOriginWritesMiddleware(with_token)
    request = RequestFactory().post("/", headers={"Origin": "http://evil.example"})
    assert guard.process_view(request, with_token) is None


def test_guard_refuses_a_foreign_write_to_a_view_without_token() -> None:
    view = csrf_exempt(lambda _request: HttpResponse())
    guard = SameOriginWritesMiddleware(view)
    request = RequestFactory().post("/", headers={"Origin": "http://evil.example"})
    with pytest.raises(Exception, match="another site"):
        guard.process_view(request, view)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/search/?q=%00", "/articles/%00/", "/?page=a%00b"])
def test_nul_byte_in_the_address_is_refused(client, address: str) -> None:
    assert client.get(address).status_code == 400
