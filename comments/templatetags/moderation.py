"""What the moderation desk's templates show."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """Return a share of 0 to 1 in percent, with one decimal; a dash for None."""
    return "-" if share is None else f"{number_format(share * 100, 1)} %"
