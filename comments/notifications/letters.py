"""What a letter says, put together when it leaves."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Publication
from comments.models import Letter, Notification
from comments.notifications.following import token_of
from comments.personal_data.links import token_of as token_of_request

SHOWN = 20  # comments in one letter; the rest is counted
EXCERPT = 1_200  # characters of a comment


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """Return the message of a letter; None when there is nothing left to tell."""
    publication = Publication.current()
    with translation.override(publication.language):
        context = _context(letter, publication)
        if context is None:
            return None
        name = f"comments/mail/{letter.kind}"
        message = EmailMultiAlternatives(
            subject=" ".join(context["subject"].split()),
            body=render_to_string(f"{name}.txt", context),
            to=[letter.address],
            headers=_headers(letter, context),
        )
        message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def _context(letter: Letter, publication: Publication) -> dict[str, Any] | None:
    base = settings.NEWSROOM_URL
    if letter.discussion is None or letter.subscription is None:
        return _about_own_data(letter, publication)
    article = letter.discussion.article
    token = token_of(letter.subscription)
    context: dict[str, Any] = {
        "publication": publication,
        "title": article.title,
        "base": base,
        "address": base + article.get_absolute_url(),
        "confirm": base + reverse("comments:confirm", args=[token]),
        "manage": base + reverse("comments:subscriptions", args=[token]),
        "unsubscribe": base + reverse("comments:unsubscribe", args=[token]),
        "kind": letter.subscription.get_kind_display(),
    }
    if letter.kind == Letter.Kind.CONFIRMATION:
        if letter.subscription.confirmed_at:
            return None
        context["subject"] = _("Please confirm: comments on “%(title)s”") % context
        return context
    if not article.is_public:
        return None
    told = letter.notifications.filter(comment__status="approved")
    news = list(told.select_related("comment__user").order_by("comment__created_at", "pk")[:SHOWN])
    if not news:
        return None
    number = len(news) if len(news) < SHOWN else told.count()
    context |= {
        "news": [_item(one, base) for one in news],
        "number": number,
        "more": number - len(news),
        "subject": _subject(news, number)
        % {"number": number, "title": article.title, "name": news[0].comment.author_name},
    }
    return context


def _about_own_data(letter: Letter, publication: Publication) -> dict[str, Any]:
    base, token = settings.NEWSROOM_URL, token_of_request(letter.request_id)
    return {
        "publication": publication,
        "base": base,
        "open": base + reverse("comments:own_data", args=[token]),
        "subject": _("What %(name)s keeps of you") % {"name": publication.name},
    }


def _subject(news: list[Notification], number: int) -> str:
    if number == 1:
        return {
            Notification.Kind.REPLY: _("%(name)s answered you on “%(title)s”"),
            Notification.Kind.MENTION: _("%(name)s mentioned you on “%(title)s”"),
        }.get(Notification.Kind(news[0].kind), _("%(name)s commented on “%(title)s”"))
    return ngettext(
        "%(number)d new comment on “%(title)s”", "%(number)d new comments on “%(title)s”", number
    )


def _item(notification: Notification, base: str) -> dict[str, Any]:
    comment = notification.comment
    return {
        "name": comment.author_name,
        "kind": notification.kind,
        "text": Truncator(comment.open_text).chars(EXCERPT),
        "address": base + comment.get_absolute_url(),
    }


def _headers(letter: Letter, context: dict[str, Any]) -> dict[str, str]:
    host = settings.NEWSROOM_URL.partition("://")[2].partition(":")[0]
    headers = {
        # The same however often it is sent, so that a mailbox that got it twice knows it again.
        "Message-ID": f"<{letter.key}@{host}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notes in answer
    }
    if letter.kind == Letter.Kind.NEWS:
        headers |= {
            # RFC 8058: the mail program offers to unsubscribe, and posts when it is asked to.
            "List-Unsubscribe": f"<{context['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers
