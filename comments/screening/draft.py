"""A comment before it is kept, with what several checks want to know of it."""

import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone
from django.utils.html import strip_tags

from articles.models import CommentPolicy, Publication
from comments.models import Comment, CommentStatus
from comments.passages.anchoring import squeezed
from comments.passages.marking import BodyText
from comments.policy import policy_of
from comments.screening.trust import is_trusted
from comments.screening.words import Text

# Markup that can stand within a word and is not seen by who reads it.
INLINE = re.compile(r"<(?!/?(?:p|br|ul|ol|li|blockquote|div|pre)\b)")


@dataclass(frozen=True)
class Part:
    """Some text of a comment. is_body: whether places in it are places in the comment's text."""

    written: str
    is_body: bool = False

    @cached_property
    def text(self) -> Text:
        """The same, to look words up in."""
        return Text(self.written)


@dataclass
class Draft:
    """A new comment, or one with a new text; neither is saved yet.

    What is asked for is looked up once, and only if a check asks. is_edit: whether the comment was
    there before. publication: as it is now.
    """

    comment: Comment
    is_edit: bool = False
    publication: Publication = field(default_factory=Publication.current)

    @cached_property
    def policy(self) -> CommentPolicy:
        return policy_of(self.comment.discussion, self.publication)

    @cached_property
    def is_trusted(self) -> bool:
        """Whether the writer's record speaks for them."""
        return is_trusted(self.comment, self.publication)

    @cached_property
    def body(self) -> Part:
        return Part(self.comment.body, is_body=True)

    @cached_property
    def typed(self) -> list[Part]:
        """What its writer typed for readers to see: the text, the name, words that they quote."""
        others = [self.comment.author_name, self._own_quote]
        return [self.body, *(Part(text) for text in others if text)]

    @cached_property
    def parts(self) -> list[Part]:
        """What readers would see of it: what was typed, and the text as its markup shows it."""
        html = self.comment.body_html
        return [*self.typed, Part(strip_tags(html))] if INLINE.search(html) else self.typed

    @property
    def _own_quote(self) -> str:
        """The quoted words, unless they stand in the report: then they are its own."""
        quote = self.comment.quote_exact
        if not quote:
            return ""
        report = BodyText.of(self.comment.discussion.article.body)
        return "" if squeezed(quote) in report.solid else quote

    def recent(self, minutes: int) -> int:
        """Return how many comments the writer sent in the last minutes, this one among them."""
        comment = self.comment
        own = Comment.objects.written_by(comment.user, comment.guest_id)
        if comment.user is None:
            own |= Comment.objects.from_address(comment.guest_email)
        since = timezone.now() - datetime.timedelta(minutes=minutes)
        return own.filter(created_at__gt=since).exclude(pk=comment.pk).count() + 1

    def same(self, minutes: int) -> int:
        """Return how many comments of the last minutes say the same, this one not among them."""
        if self.comment.text_digest is None:
            return 0
        since = timezone.now() - datetime.timedelta(minutes=minutes)
        same = Comment.objects.filter(
            text_digest=self.comment.text_digest, created_at__gt=since
        ).exclude(status=CommentStatus.DELETED)
        return same.exclude(pk=self.comment.pk).count()
