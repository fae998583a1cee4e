"""What the meter shows: numbers for a bar, and words that say the same."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.models import Campaign
from donations.money import format_money

WIDTH = 1000  # the bar's own units
MAX_STEPS = 6


@dataclass(frozen=True)
class Meter:
    """A drive as the bar shows it."""

    campaign: Campaign
    label: str
    raised: str
    goal: str
    percent: int
    bar: int
    goal_position: int
    marks: list[str]
    text: str
    message: str

    @property
    def is_reached(self) -> bool:
        return self.percent >= 100


def meter_of(campaign: Campaign) -> Meter:
    """Return the meter of a drive that was read ``with_raised()``.

    The scale's marks are half a goal apart: 0, half and goal, and past the goal as many more as
    it takes.
    """
    raised: int = campaign.raised_minor  # type: ignore[attr-defined]
    goal = campaign.goal_minor
    step = goal // 2 or goal
    steps = max(2, -(-raised // step))
    if steps > MAX_STEPS:  # a scale of many halves says less than one of two ends
        step, steps = step * -(-steps // 2), 2
    end = step * steps

    def position(amount: int) -> int:
        return min(WIDTH, amount * WIDTH // end)

    marks = [format_money(step * number, campaign.currency) for number in range(steps + 1)]
    money = {
        "raised": format_money(raised, campaign.currency),
        "goal": format_money(goal, campaign.currency),
    }
    text = _("%(raised)s of %(goal)s raised") % money
    if campaign.days_left:
        days = campaign.days_left
        text = f"{text}, {ngettext('%d day left', '%d days left', days) % days}"
    percent = raised * 100 // goal
    milestones: list[dict[str, Any]] = campaign.milestones_told  # type: ignore[attr-defined]
    reached = [told["message"] for told in milestones if told["percent"] <= percent]
    return Meter(
        campaign=campaign,
        label=campaign.label_of(campaign.period_on(timezone.localdate())),
        **money,
        percent=percent,
        # A first gift is seen, however small beside the goal.
        bar=max(position(raised), 6) if raised else 0,
        goal_position=position(goal),
        marks=marks,
        text=text,
        message=reached[-1] if reached else "",
    )
