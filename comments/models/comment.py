"""One comment and its place in a thread."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Cast, Sqrt, Upper
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.avatars import Avatar, avatar_of, avatar_of_account
from comments.addresses import address_digest
from comments.models.discussion import Discussion
from comments.models.passage import Passage
from comments.numbered import numbered_address
from comments.querysets import CommentQuerySet
from comments.text import without_spoilers

MAX_INDENT = 5
LONG_HTML = 1_500  # characters of HTML
LONG_LINES = 15
Z = 1.96  # of a normal distribution: the bound holds with 95 %


def wilson_bound(up: str, down: str) -> Any:
    """Return the expression of the share of votes for that there is at least, 0 to 1.

    The lower bound of Wilson's score interval (E. B. Wilson, "Probable inference, the law of
    succession, and statistical inference", 1927), with nothing but a vote's z squared added below,
    so that it is 0, and no division by it, where nobody has voted. up, down: names of fields.
    """
    number = Cast(F(up) + F(down), FloatField())
    spread = Cast(F(up), FloatField()) * F(down) / (number + Value(1e-9)) + Value(Z * Z / 4)
    return (F(up) + Value(Z * Z / 2) - Value(Z) * Sqrt(spread)) / (number + Value(Z * Z))


class CommentStatus(models.TextChoices):
    APPROVED = "approved", _("Approved")
    HELD = "held", _("Waiting")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    DELETED = "deleted", _("Deleted")


class Comment(models.Model):
    """What a reader wrote. ``parent``, ``root`` and ``depth`` never change.

    The body is kept as written and as HTML, rendered and sanitised once, on save.
    """

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", editable=False
    )
    # The comment that opened the thread; empty for that comment itself.
    # No index of its own: ``comment_thread`` begins with it, and two would mislead the planner.
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="thread", editable=False,
        db_index=False,
    )  # fmt: skip
    depth = models.PositiveSmallIntegerField(default=0, editable=False)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    guest_name = models.CharField(_("name"), max_length=80, blank=True)
    guest_email = models.EmailField(_("email"), blank=True)
    # What is left of the address once it was kept long enough (see ``addresses``); empty before.
    guest_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    # The signed cookie of the browser a guest wrote from: how they see what is still held.
    guest_id = models.UUIDField(null=True, blank=True, editable=False)
    # A keyed hash of the network it came from (see ``networks``); empty where that is not known.
    network = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    # What texts of the same letters share (see ``screening.folding``); empty for short ones.
    text_digest = models.BigIntegerField(null=True, editable=False)
    # The passage of the article it speaks about (W3C Web Annotation, TextQuoteSelector).
    quote_exact = models.TextField(_("quoted passage"), blank=True)
    quote_prefix = models.CharField(max_length=200, blank=True, editable=False)
    quote_suffix = models.CharField(max_length=200, blank=True, editable=False)
    # Where that passage stands now.
    passage = models.ForeignKey(
        Passage, models.SET_NULL, null=True, blank=True, related_name="comments", editable=False
    )

    status = models.CharField(
        _("status"), max_length=10, choices=CommentStatus, default=CommentStatus.HELD
    )
    key = models.UUIDField(null=True, blank=True, editable=False)  # one-time key of the form
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    # When readers could first see it; empty for one that came with an import.
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)

    # How much it looked like spam when it came, 0 to 1; empty where too little was known of spam.
    spam_score = models.FloatField(null=True, blank=True, editable=False)

    # Of a thread's opening comment: it stands before all others since then.
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True, editable=False)
    # Read by nobody but its writer, who is not told so.
    is_shadowed = models.BooleanField(
        _("in shadow"), default=False, db_default=False, editable=False
    )
    is_featured = models.BooleanField(
        _("editor's pick"), default=False, db_default=False, editable=False
    )
    # Of a thread's opening comment: whether nobody may answer in the thread any more.
    is_closed = models.BooleanField(_("closed"), default=False, db_default=False, editable=False)
    # Of a thread's opening comment: how many approved replies it has, at any depth.
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    upvotes = models.PositiveIntegerField(default=0, editable=False)
    downvotes = models.PositiveIntegerField(default=0, editable=False)
    # Since when new votes wait, uncounted, until a moderator has looked into a burst of them.
    votes_frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The part of both that came without its voters, from another site; recounts keep it.
    imported_upvotes = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    imported_downvotes = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    score = models.GeneratedField(
        expression=F("upvotes") - F("downvotes"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    # What "Best" goes by.
    best = models.GeneratedField(
        expression=wilson_bound("upvotes", "downvotes"),
        output_field=models.FloatField(),
        db_persist=True,
    )
    # The transaction that last changed what an order goes by: see ``ranking``.
    ranked_by = models.BigIntegerField(default=0, db_default=0, editable=False)

    # Whether it stands on a page without its parent; set where the page is put together.
    is_orphan = False
    # By field, what it was worth in the ranking it was read from; empty for what it is worth now.
    ranked_value: dict[str, float] = {}

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", "Can approve, reject and mark comments as spam")]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="comment_key_once"),
            models.CheckConstraint(
                condition=Q(parent=None, root=None, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="comment_root_has_no_parent",
            ),
        ]
        indexes = [
            # Only what ``roots_of`` shows: a flood of held spam does not slow down reading.
            models.Index(
                fields=["discussion", "-created_at", "-id"], name="comment_root_newest",
                condition=Q(parent=None) & (Q(status="approved") | Q(reply_count__gt=0)),
            ),
            models.Index(
                fields=["discussion", "-score", "-id"], name="comment_root_top",
                condition=Q(parent=None) & (Q(status="approved") | Q(reply_count__gt=0)),
            ),
            models.Index(
                fields=["discussion", "-best", "-id"], name="comment_root_best",
                condition=Q(parent=None) & (Q(status="approved") | Q(reply_count__gt=0)),
            ),
            models.Index(
                fields=["discussion", "-reply_count", "-id"], name="comment_root_active",
                condition=Q(parent=None) & (Q(status="approved") | Q(reply_count__gt=0)),
            ),
            models.Index(
                fields=["discussion", "pinned_at"], name="comment_pinned",
                condition=Q(pinned_at__isnull=False),
            ),
            models.Index(
                fields=["discussion", "-created_at", "-id"], name="comment_featured",
                condition=Q(is_featured=True),
            ),
            models.Index(
                fields=["discussion", "-created_at", "-id"], name="comment_inline",
                condition=Q(parent=None) & ~Q(quote_exact=""),
            ),
            # What came last, for readers whose page is open.
            models.Index(
                fields=["discussion", "-approved_at"], name="comment_recent",
                condition=Q(approved_at__isnull=False) & Q(status="approved"),
            ),
            models.Index(
                fields=["guest_id"], name="comment_guest", condition=Q(guest_id__isnull=False)
            ),
            # Whose addresses and networks are still kept, by age; the addresses, and the hashes of
            # those that are not.
            models.Index(
                fields=["created_at", "id"], name="comment_with_address",
                condition=~Q(guest_email=""),
            ),
            models.Index(
                fields=["created_at", "id"], name="comment_with_network",
                condition=~Q(network=""),
            ),
            models.Index(
                Upper("guest_email"), name="comment_address", condition=~Q(guest_email="")
            ),
            models.Index(
                fields=["guest_digest"], name="comment_digest", condition=~Q(guest_digest="")
            ),
            models.Index(fields=["root", "created_at", "id"], name="comment_thread"),
            models.Index(
                fields=["-created_at", "-id"], name="comment_waiting", condition=Q(status="held")
            ),
            models.Index(
                fields=["-created_at", "-id"], name="comment_spam", condition=Q(status="spam")
            ),
            models.Index(fields=["-created_at", "-id"], name="comment_latest"),
            models.Index(
                fields=["user", "-created_at", "-id"], name="comment_of_reader",
                condition=Q(status="approved") & Q(user__isnull=False),
            ),
            models.Index(
                fields=["text_digest", "-created_at"], name="comment_same_text",
                condition=Q(text_digest__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.author_name}: {self.body[:60]}"

    def get_absolute_url(self) -> str:
        return numbered_address("comments:permalink", self.pk)

    @property
    def is_approved(self) -> bool:
        return self.status == CommentStatus.APPROVED

    @property
    def is_erased(self) -> bool:
        """Whether its writer had the text erased: nothing is left of it that could be shown."""
        return not self.body

    @property
    def has_frozen_votes(self) -> bool:
        return self.votes_frozen_at is not None

    @property
    def is_in_closed_thread(self) -> bool:
        """Whether its thread takes no more replies. Reads the thread's opening comment."""
        return self.is_closed if self.root is None else self.root.is_closed

    @property
    def indent(self) -> int:
        """How far it is moved in where it is shown: at most five levels."""
        return min(self.depth, MAX_INDENT)

    @property
    def says_whom(self) -> bool:
        """Whether it must say whom it answers, as its place does not show it."""
        return self.depth > MAX_INDENT or self.is_orphan

    @property
    def is_long(self) -> bool:
        """Whether it is folded at first, where it can be unfolded."""
        return len(self.body_html) > LONG_HTML or self.body_html.count("<br") > LONG_LINES

    @property
    def open_text(self) -> str:
        """What is told of it elsewhere, in plain words: the text without its spoilers."""
        return without_spoilers(self.body)

    @property
    def is_by_staff(self) -> bool:
        return self.user is not None and self.user.is_staff

    @property
    def author_name(self) -> str:
        """The name to show: the account's, or the one the guest gave; never an email address."""
        name = self.user.display_name if self.user else self.guest_name
        return name or gettext("A reader")

    @property
    def author_page(self) -> str:
        """The address of the writer's page; empty for guests and closed accounts."""
        if self.user is None or not self.user.is_active:
            return ""
        return numbered_address("comments:reader", self.user.pk)

    @property
    def address_digest(self) -> str:
        """The keyed hash of a guest's address, kept or not; empty where there was none."""
        return self.guest_digest or (address_digest(self.guest_email) if self.guest_email else "")

    @property
    def avatar(self) -> Avatar:
        """The picture of the account; or of a guest by address and name together: so another's
        name alone gives another picture, and two names of one person are not told as one.
        """
        if self.user_id is not None:
            return avatar_of_account(self.user_id)
        return avatar_of(f"guest {self.address_digest} {self.guest_name.casefold()}")
