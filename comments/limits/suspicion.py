"""What looks as if no person had written it: cheap to see, and no proof.

A page is the same for everyone and may be old, so it can carry no time of its own. A browser learns
in its personal request when it opened the page, signed; it sends that along with the comment.
Whoever runs no scripts sends nothing, and is not held to a minimum.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.limits.guarding import known_wait_for, wait_for
from comments.models import Comment
from comments.readers import COOKIE, guest_id_of, user_of

BAIT = "website"  # a field that people do not see, by a name that programs fill in
MINIMUM = 2  # seconds from opening a page to sending a comment
SALT = "comments.opened"
# Where everything is approved at once, a flood must not make itself known.
KNOWN_AFTER = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Suspicion:
    """why: a sentence for moderators. wait: after how many seconds it would be none; 0: never."""

    why: str
    wait: int = 0


def opening_mark() -> str:
    """Return what a browser shows later to tell when it opened the page: now."""
    return signing.TimestampSigner(salt=SALT).sign("")


def suspicion_of(request: HttpRequest) -> Suspicion | None:
    """Return what makes a posted comment look automatic, if anything does.

    Newcomers, too many from one network or from everywhere, are suspected together. Whoever has an
    approved comment is known here, and only a question for those with a cookie.
    """
    if request.POST.get(BAIT):
        return Suspicion(_("A field that people do not see was filled in."))
    opened = request.POST.get("opened", "")
    if opened and _is_too_fast(opened):
        return Suspicion(_("It was sent faster than anybody writes."))
    if is_known(request):
        return None
    wait = wait_for("newcomer", request)
    return _of_many(wait) if wait else None


def known_flood(request: HttpRequest) -> Suspicion | None:
    """Return the suspicion against one of a flood that this process knows of, asking nobody.

    Of those alone who bring neither a cookie, by which they might be known, nor a proof or a wish.
    """
    if COOKIE in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    wait = known_wait_for("newcomer", request)
    if not wait or not {"preview", "altcha", "unchecked"}.isdisjoint(request.POST):
        return None
    return _of_many(wait)


def _of_many(wait: int) -> Suspicion:
    return Suspicion(_("It came with very many others by newcomers."), wait)


def is_known(request: HttpRequest) -> bool:
    """Tell whether the reader was approved before, by account or browser, or works here."""
    user, guest_id = user_of(request), guest_id_of(request)
    if user is not None and user.is_staff:
        return True
    approved = Comment.objects.approved().written_by(user, guest_id)
    return approved.filter(created_at__lt=timezone.now() - KNOWN_AFTER).exists()


def _is_too_fast(opened: str) -> bool:
    """Tell whether the page was opened just now. One that we did not sign was never opened."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(opened, max_age=MINIMUM)
    except signing.SignatureExpired:
        return False
    except signing.BadSignature:
        pass
    return True
