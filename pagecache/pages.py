"""What views say of their pages: which may be kept, what they show, until when they are true."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Rule:
    """How the pages of a view are kept.

    tags: what each of them shows. parameters: those of the query that the view looks at; whatever
    else stands in an address neither makes another page nor reaches the view. htmx: whether a
    request by htmx gets another page at the same address.
    """

    tags: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()
    htmx: bool = False


@dataclass(slots=True)
class Page:
    """A page that is being made: what it shows so far, and when it changes by itself.

    may_lag: it was read from a copy that may be behind what was told, so it is not kept.
    """

    tags: set[str] = field(default_factory=set)
    changes_at: datetime.datetime | None = None
    may_lag: bool = False


_page: ContextVar[Page | None] = ContextVar("page", default=None)


class _Declare(Protocol):
    def __call__[View: Callable[..., Any]](self, view: View) -> View: ...


def cached_page(*tags: str, parameters: tuple[str, ...] = (), htmx: bool = False) -> _Declare:
    """Let the pages of a view be kept: they are the same for everyone. See ``Rule``."""

    def declare[View: Callable[..., Any]](view: View) -> View:
        view.page_rule = Rule(frozenset(tags), parameters, htmx)  # type: ignore[attr-defined]
        return view

    return declare


def shows(*tags: str) -> None:
    """Say what the page that is being made shows: a change of it makes another page."""
    if (page := _page.get()) is not None:
        page.tags.update(tags)


type Moment = datetime.datetime | None


def changes_at(moment: Moment | Callable[[], Moment]) -> None:
    """Say when the page that is being made becomes another by the clock alone; None for never.

    A function that has to look for the moment is only called where a page is being made.
    """
    page = _page.get()
    if page is None:
        return
    found = moment() if callable(moment) else moment
    if found is not None and (page.changes_at is None or found < page.changes_at):
        page.changes_at = found


def is_being_made() -> bool:
    """Tell whether what is answered now is a page for everyone, and will be kept if it may."""
    return _page.get() is not None


def may_lag() -> None:
    """Say that the page that is being made, if any, is read from a copy that may be behind."""
    if (page := _page.get()) is not None:
        page.may_lag = True


def midnight() -> datetime.datetime:
    """Return when the day ends, by the time zone that pages are made in."""
    day = timezone.localdate() + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@contextmanager
def made(page: Page) -> Iterator[None]:
    """Take what is said within for said of this page."""
    token = _page.set(page)
    try:
        yield
    finally:
        _page.reset(token)
