"""What was learnt of spam: numbers alone, from which nobody reads a word."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from comments.models.comment import Comment


class SpamWord(models.Model):
    """In how many comments a word stood that moderators called spam, and in how many others.

    The word is kept as a keyed hash of it; the number 0 counts the comments themselves.
    """

    number = models.BigIntegerField(primary_key=True)
    spam = models.IntegerField(default=0)
    ham = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number}: {self.spam}/{self.ham}"


class Lesson(models.Model):
    """What one comment taught, so that it counts once and can be taken back as it was."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="lesson")
    # Empty where moderators said neither: then it teaches nothing.
    is_spam = models.BooleanField(null=True)
    words = ArrayField(models.BigIntegerField(), default=list)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["-decided_at"], name="lesson_newest")]

    def __str__(self) -> str:
        return {True: "spam", False: "ham", None: "nothing"}[self.is_spam]
