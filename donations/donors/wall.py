"""The donors' wall: names of those who asked to be on it."""

import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from donations.models import Gift, WallName

SHOWN = 200
LONGEST = 60  # letters
CONTROLS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # whatever would turn or break the line


def ask_for_wall(*, gift: Gift, name: str) -> WallName:
    """Put a name on the list that staff look at; another name for the gift takes its place.

    Raises ValidationError, in words, for what is no name.
    """
    cleaned = " ".join(
        "".join(sign for sign in name if unicodedata.category(sign) not in CONTROLS).split()
    )
    if not cleaned:
        raise ValidationError(_("Write the name that readers should see."))
    if len(cleaned) > LONGEST:
        raise ValidationError(_("The name is too long: %d letters at most.") % LONGEST)
    waiting = {"name": cleaned, "state": WallName.State.WAITING, "decided_by": None}
    wall_name, is_new = WallName.objects.get_or_create(gift=gift, defaults=waiting)
    if not is_new and wall_name.name != cleaned:
        for field, value in waiting.items():
            setattr(wall_name, field, value)
        wall_name.save()
    return wall_name


def leave_wall(*, gift: Gift) -> None:
    """Take the gift's name off the wall, for good."""
    WallName.objects.filter(gift=gift).delete()


def decide_wall_names(*, names: QuerySet[WallName], state: WallName.State, by: Any) -> int:
    """Show names to readers, or refuse them; return how many. Raises PermissionDenied."""
    if not by.has_perm("donations.change_wallname"):
        raise PermissionDenied(_("You may not decide about the wall."))
    return names.exclude(state=state).update(state=state, decided_by=by)


def names_on_wall() -> list[str]:
    """Return the names that readers see, the latest first: of gifts that were not taken back."""
    shown = WallName.objects.filter(state=WallName.State.SHOWN)
    kept = shown.annotate(kept=Sum("gift__entries__amount_minor")).filter(Q(kept__gt=0))
    return list(kept.order_by("-asked_at", "-pk").values_list("name", flat=True)[:SHOWN])
