"""The publication's days, where no request says in which zone they begin."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


def in_site_zone() -> AbstractContextManager[None]:
    """Return a context in which days begin at the site's midnight.

    For tasks and commands; a request is in the zone already. ``SITE_TIME_ZONE`` names the function
    that knows it.
    """
    return timezone.override(import_string(settings.SITE_TIME_ZONE)())
