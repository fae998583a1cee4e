"""Following a discussion: an account at once, a guest once their address is confirmed."""

import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.models import Discussion, Letter, Subscription
from comments.tasks import schedule_sending
from comments.text import checked_email

SALT = "comments.subscription"
# Anybody can type another's address: so many letters that ask for a confirmation reach it a day.
CONFIRMATIONS_A_DAY = 5


def follow(
    *, discussion: Discussion, kind: str, user: User | None = None, email: str = ""
) -> Subscription | None:
    """Tell the reader of new comments from now on; return the subscription.

    kind: ``all`` or ``replies``. A guest's counts once it is confirmed, for which they are sent a
    letter; None where their address was sent too many. Raises ValidationError for another kind or
    no address.
    """
    if kind not in Subscription.Kind.values:
        raise ValidationError({"kind": _("Choose what you want to be told of.")})
    with transaction.atomic():
        if user is not None:
            subscription, _is_new = Subscription.objects.update_or_create(
                discussion=discussion, user=user, email="", comment=None, defaults={"kind": kind}
            )
            return subscription
        address = checked_email(email).lower()
        subscription, _is_new = Subscription.objects.get_or_create(
            discussion=discussion, user=None, email=address, kind=kind, comment=None
        )
        if subscription.confirmed_at is None and not _ask(subscription):
            return None
        return subscription


def _ask(subscription: Subscription) -> bool:
    """Send the letter that asks for a confirmation, unless one is on its way or it is enough."""
    letters = Letter.objects.filter(
        kind=Letter.Kind.CONFIRMATION, address=subscription.email,
        created_at__gt=timezone.now() - datetime.timedelta(days=1),
    )  # fmt: skip
    if letters.filter(subscription=subscription).exists():
        return True
    if letters.count() >= CONFIRMATIONS_A_DAY:
        return False
    Letter.objects.create(
        kind=Letter.Kind.CONFIRMATION, discussion=subscription.discussion,
        subscription=subscription, address=subscription.email,
    )  # fmt: skip
    schedule_sending(timezone.now())
    return True


@transaction.atomic
def confirm_subscription(subscription: Subscription) -> None:
    """Make a guest's subscription count; it takes the place of what they followed there before."""
    if subscription.confirmed_at is None:
        subscription.confirmed_at = timezone.now()
        subscription.save(update_fields=["confirmed_at"])
    others = Subscription.objects.filter(
        discussion=subscription.discussion, email=subscription.email, user=subscription.user,
        comment=None,
    )  # fmt: skip
    others.exclude(pk=subscription.pk).delete()


@transaction.atomic
def change_subscription(subscription: Subscription, kind: str) -> None:
    """Change what a subscription tells of. Raises ValidationError for another kind."""
    if kind not in Subscription.Kind.values:
        raise ValidationError({"kind": _("Choose what you want to be told of.")})
    subscriptions_of(subscription).filter(
        discussion=subscription.discussion, kind=kind, comment=subscription.comment
    ).exclude(pk=subscription.pk).delete()
    subscription.kind = kind
    subscription.save(update_fields=["kind"])


def unfollow(*, discussion: Discussion, user: User) -> None:
    """Tell the account of nothing more in the discussion."""
    Subscription.objects.filter(discussion=discussion, user=user).delete()


def subscriptions_of(subscription: Subscription) -> QuerySet[Subscription]:
    """Return all of the reader's whom this one belongs to, that count or wait to be confirmed."""
    if subscription.user_id is not None:
        return Subscription.objects.filter(user=subscription.user_id)
    return Subscription.objects.filter(user=None, email__iexact=subscription.email)


def counting() -> Q:
    """Return the condition that a subscription counts."""
    return Q(user__is_active=True) | Q(user=None, confirmed_at__isnull=False)


def token_of(subscription: Subscription) -> str:
    """Return what a signed link names the subscription by; it holds nothing personal."""
    return signing.dumps(subscription.pk, salt=SALT)


def by_token(token: str) -> Subscription | None:
    """Return the subscription of a signed link, None when it is forged or gone."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return (
        Subscription.objects.select_related("discussion__article", "user").filter(pk=number).first()
    )
