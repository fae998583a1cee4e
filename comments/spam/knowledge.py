"""What is known of words: how often they stood in spam, and what that says of a comment.

Naive Bayes over the different words of a comment. A word's share of spam is drawn towards one half
as if it had been seen once more in each kind, after G. Robinson, "A statistical approach to the
spam problem", Linux Journal, 2003; the sum of its log-odds is halved, since words come together and
do not testify alone. Why so, with figures: docs/decisions.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.db import connections, router

from comments.models import SpamWord

COMMENTS = 0  # the number under which the comments are counted, not a word
MINIMUM = 20  # of each kind; with fewer there is no verdict
IMAGINED = 1.0  # comments of both kinds, half each, that every word has been seen in
INDEPENDENCE = 0.5  # how much of what a word says is its own
# By hand: a condition on hundreds of numbers takes Django longer to write than Postgres to answer.
KNOWN = "SELECT number, spam, ham FROM comments_spamword WHERE number = ANY(%s::bigint[])"
MOST_SPAM = 1 / 4  # of what is still to come is taken for spam beforehand, at most


def numbers_of(words: Iterable[str]) -> dict[int, str]:
    """Return each word by its number: a hash, keyed so that nobody guesses words from numbers."""
    key = settings.SECRET_KEY.encode()[:64]
    return {
        int.from_bytes(blake2b(word.encode(), digest_size=8, key=key).digest(), signed=True): word
        for word in words
    }


@dataclass(frozen=True)
class Knowledge:
    """How often comments were spam and not, and by number the same of some words."""

    spam: int
    ham: int
    words: dict[int, tuple[int, int]]

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "Knowledge":
        """Return what is known of the words with these numbers, in one query."""
        with connections[router.db_for_read(SpamWord)].cursor() as cursor:
            cursor.execute(KNOWN, [[COMMENTS, *numbers]])
            words = {number: (spam, ham) for number, spam, ham in cursor.fetchall()}
        spam, ham = words.pop(COMMENTS, (0, 0))
        return cls(spam, ham, words)

    @property
    def is_enough(self) -> bool:
        """Whether it suffices for a verdict."""
        return min(self.spam, self.ham) >= MINIMUM

    def weight(self, number: int) -> float:
        """Return what a word adds to the log-odds of spam: below 0 speaks against it."""
        spam, ham = self.words.get(number, (0, 0))
        seen = spam + ham
        if not seen or not self.spam or not self.ham:
            return 0.0
        share = (spam / self.spam) / (spam / self.spam + ham / self.ham)
        drawn = (IMAGINED / 2 + seen * share) / (IMAGINED + seen)
        return INDEPENDENCE * math.log(drawn / (1 - drawn))

    def score(self, numbers: Iterable[int]) -> float | None:
        """Return how much a comment with these words looks like spam, 0 to 1.

        None where too little is known.
        """
        if not self.is_enough:
            return None
        before = min(MOST_SPAM, (self.spam + 1) / (self.spam + self.ham + 2))
        odds = math.log(before / (1 - before)) + sum(map(self.weight, numbers))
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, odds))))
