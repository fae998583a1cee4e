"""What the meter shows: numbers for a bar, and words that say the same."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.models import Campaign
from donations.money import format_money

WIDTH = 1000  # the bar's own units


@dataclass(frozen=True)
class Mark:
    """A mark of the scale: where it stands, 0 to WIDTH, and what it says."""

    position: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Meter:
    """A drive as the bar shows it."""

    campaign: Campaign
    raised: str
    goal: str
    percent: int
    bar: int
    goal_position: int
    marks: list[Mark]
    text: str

    @property
    def is_reached(self) -> bool:
        return self.percent >= 100


def meter_of(campaign: Campaign) -> Meter:
    """Return the meter of a drive that was read ``with_raised()``.

    The scale ends at the goal; past it, at the next half of a goal above what was raised.
    """
    raised: int = campaign.raised_minor  # type: ignore[attr-defined]
    goal = campaign.goal_minor
    halves = max(2, -(-raised * 2 // goal))  # how many halves of the goal the scale spans
    end = goal * halves // 2

    def position(amount: int) -> int:
        return min(WIDTH, amount * WIDTH // end)

    amounts = [0, goal // 2, goal] if halves == 2 else [0, goal, end]
    marks = [
        Mark(position(amount), format_money(amount, campaign.currency), anchor)
        for amount, anchor in zip(amounts, ("start", "middle", "end"), strict=True)
    ]
    money = {
        "raised": format_money(raised, campaign.currency),
        "goal": format_money(goal, campaign.currency),
    }
    text = _("%(raised)s of %(goal)s raised") % money
    if campaign.days_left:
        days = campaign.days_left
        text = f"{text}, {ngettext('%d day left', '%d days left', days) % days}"
    return Meter(
        campaign=campaign,
        **money,
        percent=raised * 100 // goal,
        # A first gift is seen, however small beside the goal.
        bar=max(position(raised), 6) if raised else 0,
        goal_position=position(goal),
        marks=marks,
        text=text,
    )
