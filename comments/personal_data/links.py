"""The links in letters by which guests come to what is kept of them."""

import datetime

from django.core import signing

from comments.models import OwnDataRequest

SALT = "comments.own_data"
LASTS = datetime.timedelta(days=1)


def token_of(number: int | None) -> str:
    """Return what a link names the request of that number by; it holds nothing personal."""
    return signing.dumps(number, salt=SALT)


def by_token(token: str) -> OwnDataRequest | None:
    """Return the request of a link, None when it is forged, too old, or done."""
    try:
        number = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return OwnDataRequest.objects.filter(pk=number, keep_comments=None).first()
