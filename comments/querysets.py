"""How comments are asked for."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from comments.models import Comment  # noqa: F401


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments by state and place."""

    def approved(self) -> Self:
        return self.filter(status="approved")

    def waiting(self) -> Self:
        return self.filter(status="held")
