"""Preview links: a report shown before its publication to people without an account."""

import datetime

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article, PreviewLink

_SALT = "articles.preview"
LONGEST = datetime.timedelta(days=30)


def create_preview_link(
    *, article: Article, by: User, lasts: datetime.timedelta, label: str = ""
) -> PreviewLink:
    """Return a new link. lasts: how long it works, at most ``LONGEST``.

    The caller has checked that ``by`` may edit the report. Raises ValueError for no such time.
    """
    if not datetime.timedelta(0) < lasts <= LONGEST:
        raise ValueError("A preview link lasts up to thirty days.")
    now = timezone.now()
    return PreviewLink.objects.create(
        article=article, created_by=by, label=label, created_at=now, expires_at=now + lasts
    )


def revoke_preview_link(link: PreviewLink) -> None:
    """Make a link stop working, for good."""
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def preview_path(link: PreviewLink) -> str:
    """Return the address of a link; nobody can make one without the site's secret."""
    return reverse("articles:preview", args=[signing.Signer(salt=_SALT).sign(str(link.pk))])


def find_preview_link(token: str) -> PreviewLink | None:
    """Return the link of a token, working or not any more; None for one that was never given."""
    try:
        number = int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return PreviewLink.objects.filter(pk=number).select_related("article").first()


def is_working(link: PreviewLink) -> bool:
    """Tell whether a link still shows its report."""
    return link.revoked_at is None and link.expires_at > timezone.now()
