"""How comments are asked for."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from comments.models import Comment, Discussion


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments by state and place."""

    def approved(self) -> Self:
        return self.filter(status="approved")

    def waiting(self) -> Self:
        return self.filter(status="held")

    def roots_of(self, discussion: "Discussion") -> Self:
        """Those that open threads and show: approved, or a tombstone above approved replies."""
        return self.filter(discussion=discussion, parent=None).filter(
            Q(status="approved") | Q(reply_count__gt=0, status__in=["deleted", "rejected", "spam"])
        )

    def shown_in(self, root: "Comment") -> Self:
        """The replies of a thread that show, oldest first."""
        approved_below = self.model._default_manager.filter(  # noqa: SLF001 (documented in Django)
            parent=models.OuterRef("pk"), status="approved"
        )
        return self.filter(root=root).filter(
            Q(status="approved")
            | (Q(status__in=["deleted", "rejected", "spam"]) & models.Exists(approved_below))
        ).order_by("created_at", "pk")
