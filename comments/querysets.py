"""How comments are asked for."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from articles.models import Article
from comments.addresses import address_digest

if TYPE_CHECKING:
    from comments.models import Comment, Discussion


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments by state, place and writer."""

    def approved(self) -> Self:
        return self.filter(status="approved")

    def readable(self) -> Self:
        """Those that everybody can read now: approved, in a discussion that shows."""
        reports = Article.objects.published()
        rows = self.approved().filter(discussion__article__in=reports)
        return rows.exclude(discussion__state="none")

    def waiting(self) -> Self:
        return self.filter(status="held")

    def roots_of(self, discussion: "Discussion") -> Self:
        """Those that open threads and show: approved, or a placeholder above approved replies."""
        shown = Q(status="approved") | Q(reply_count__gt=0)
        return self.filter(shown, discussion_id=discussion.pk, parent=None)

    def pinned(self) -> Self:
        """Those that a moderator put before all others, the first pinned first."""
        return self.filter(pinned_at__isnull=False).order_by("pinned_at", "pk")

    def written_by(self, user: User | None, guest_id: uuid.UUID | None) -> Self:
        """Those of an account, or else of a guest's browser; of nobody without either."""
        if user is not None:
            return self.filter(user=user)
        if guest_id is not None:
            return self.filter(user=None, guest_id=guest_id)
        return self.none()

    def from_address(self, email: str) -> Self:
        """Those that guests wrote under an address, however its letters are cased."""
        if not email:
            return self.none()
        kept = ~Q(guest_email="") & Q(guest_email__iexact=email)
        hashed = ~Q(guest_digest="") & Q(guest_digest=address_digest(email))
        return self.filter(kept | hashed, user=None)

    def shown_in(self, root: "Comment") -> Self:
        """The replies of a thread that may show, as placeholders too (see ``reading.MAY_SHOW``)."""
        replies = self.model._default_manager.filter(parent=models.OuterRef("pk"))  # noqa: SLF001 (documented in Django)
        return self.filter(Q(status="approved") | models.Exists(replies), root=root)

    def to_show(self) -> Self:
        """With all that a page shows of them, and no more."""
        return self.select_related("user", "passage").defer(
            "body",
            "guest_id",
            "network",
            "text_digest",
            "key",
            "quote_prefix",
            "quote_suffix",
            "passage__exact",
            "passage__prefix",
            "passage__suffix",
            "passage__question",
        )
