"""What a browser calls itself, in words for the one who uses it."""

from django.utils.translation import gettext as _

# By what stands in a User-Agent; the first that fits, as most also name those they descend from.
BROWSERS = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
]  # fmt: skip


def browser_of(user_agent: str) -> str:
    """Return the browser and its system as people call them: “Firefox on Linux”."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")


def _first(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for part, name in names if part in user_agent), "")
