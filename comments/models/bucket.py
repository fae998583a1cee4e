"""How much of what they may do readers have used up."""

from django.db import models


class Bucket(models.Model):
    """One reader's, or one network's, use of one kind of action; shared by all workers.

    The table is not logged: after a crash everybody begins anew.
    """

    key = models.CharField(max_length=64, primary_key=True)
    empty_at = models.DateTimeField(db_index=True)  # when all of it may be used again

    def __str__(self) -> str:
        return self.key[:8]
