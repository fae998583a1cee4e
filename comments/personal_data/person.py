"""Somebody, and all that discussions keep of them."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from comments.addresses import address_digest
from comments.models import Comment, Letter, Notification, Report, Subscription, Vote
from comments.querysets import CommentQuerySet


@dataclass(frozen=True)
class Person:
    """An account; or without one, whoever reads the letters to an address."""

    user: User | None = None
    address: str = ""

    def comments(self) -> CommentQuerySet:
        if self.user is not None:
            return Comment.objects.filter(user=self.user)
        return Comment.objects.from_address(self.address)

    def browsers(self) -> list[uuid.UUID]:
        """Return the cookies that wrote under the guest's address and under no other.

        One that wrote under another as well is shared: what else it did may be somebody else's.
        """
        if self.user is not None:
            return []
        used = self.comments().values_list("guest_id", flat=True).distinct()
        ours = {browser for browser in used if browser is not None}
        others = Comment.objects.filter(user=None, guest_id__in=ours)
        others = others.exclude(pk__in=self.comments().values("pk"))
        return sorted(ours - set(others.values_list("guest_id", flat=True)))

    def votes(self) -> QuerySet[Vote]:
        return Vote.objects.filter(self._acted())

    def reports(self) -> QuerySet[Report]:
        return Report.objects.filter(self._acted())

    def subscriptions(self) -> QuerySet[Subscription]:
        if self.user is not None:
            return Subscription.objects.filter(user=self.user)
        return Subscription.objects.filter(user=None, email__iexact=self.address)

    def notifications(self) -> QuerySet[Notification]:
        if self.user is not None:
            return Notification.objects.filter(user=self.user)
        address = self.address.lower()
        told = Q(address=address) | Q(address=address_digest(address))
        return Notification.objects.filter(told, user=None)

    def letters(self) -> QuerySet[Letter]:
        address = self.user.email if self.user is not None else self.address
        return Letter.objects.filter(address=address.lower())

    def is_known(self) -> bool:
        """Tell whether anything is kept of them."""
        return any(
            rows.exists() for rows in (self.comments(), self.subscriptions(), self.notifications())
        )

    def _acted(self) -> Q:
        if self.user is not None:
            return Q(user=self.user)
        return Q(user=None, guest_id__in=self.browsers())
