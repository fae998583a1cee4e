"""How much is to be made, and how the comments spread over the reports."""

import itertools
from dataclasses import dataclass

MOST_ARTICLES = 200_000
MOST_COMMENTS = 20_000_000
LARGEST_SEED = 2**63 - 1


class BadPlan(ValueError):  # noqa: N818 (a refusal, as BadExport)
    """Numbers that nothing can be made of; the message says why."""


@dataclass(frozen=True)
class Plan:
    """The numbers that decide every row. Raises BadPlan for impossible ones."""

    articles: int
    comments: int
    seed: int

    def __post_init__(self) -> None:
        for name, least, most in (
            ("articles", 1, MOST_ARTICLES),
            ("comments", 0, MOST_COMMENTS),
            ("seed", 0, LARGEST_SEED),
        ):
            if not least <= getattr(self, name) <= most:
                raise BadPlan(f"--{name} must be from {least} to {most}.")

    @property
    def arguments(self) -> str:
        """The numbers as they are typed."""
        return f"--articles {self.articles} --comments {self.comments} --seed {self.seed}"

    def comment_numbers(self) -> list[int]:
        """Return how many comments each report has, from ``load-1`` on.

        The first has half of all. The rest are spread over the others by a power law: the second
        of them has half as many as the first, the third a third.
        """
        if self.articles == 1:
            return [self.comments]
        first = self.comments // 2
        rest = self.comments - first
        sums = list(itertools.accumulate(1 / rank for rank in range(1, self.articles)))
        ends = [round(rest * part / sums[-1]) for part in sums]
        return [first, *(end - begin for begin, end in itertools.pairwise([0, *ends]))]
