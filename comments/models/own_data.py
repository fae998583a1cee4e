"""Guests who ask what is kept of them."""

from django.db import models
from django.utils import timezone

from comments.addresses import address_digest


class OwnDataRequest(models.Model):
    """A guest's wish to see, take or erase what is kept under an address.

    It counts for who opens the link in the letter that it leads to, for a day; then it is deleted,
    and the address with it.
    """

    address = models.EmailField()  # without letters' case
    created_at = models.DateTimeField(default=timezone.now)
    # What was asked for in the end: to erase all, the comments' text too or not. Empty before.
    keep_comments = models.BooleanField(null=True)

    def __str__(self) -> str:
        return address_digest(self.address)[:8]
