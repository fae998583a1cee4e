"""Who the edition is by: the publication, its menus, pages, authors and accounts."""

from pathlib import Path

from django.contrib.auth.models import Group
from markdown_it import MarkdownIt

from accounts.models import User
from articles.models import MenuItem, Page, Publication

PASSWORD = "demo"  # noqa: S105 (of the demo's invented accounts)
SECTIONS = {
    "City": "Town hall, streets, quays and the people who live between them.",
    "Region": "The valley, the villages and the islands.",
    "Economy": "Work, rents, trade and what things cost.",
    "Science": "What is found out here, and what it means.",
    "Culture": "Music, pictures, books, manners and the odd chess board.",
}
SERIES = {
    "The Long Drought": "Where the water of the upper valley went, and how it might come back.",
    "Harbour Diary": "A note from the quays, every day.",
}
AUTHORS = {
    "Ines Okafor": ("City reporter", "Walks. Has not missed a council meeting since 2019, including the one that nobody else attended."),
    "Tomas Reyle": ("Region reporter", "Grew up in the upper valley and went back to count its wells."),
    "Hana Lindqvist": ("Economy editor", "Checks the sum first. Taught statistics before she wrote about them."),
    "Samir Dutta": ("Science editor", "A biologist who prefers other people’s field work, preferably with boots."),
    "Beatrix Moon": ("Culture reporter", "Goes to what has no press office."),
    "Oskar Feld": ("Columnist", "Has written a column a week since 1994, most of them on a bench."),
}  # fmt: skip
PAGES = Path(__file__).parent / "pages"


def load_identity() -> None:
    """Make the publication, its menus and its standing pages."""
    Publication(
        pk=1,
        name="The Meridian Ledger",
        tagline="The independent paper of Port Meridian and the Ansel valley",
        accent_colour="#9b2226",
        contact_email="newsroom@example.org",
        social_links="Mastodon https://social.example.org/@ledger",
        footer_text="Founded by eleven people who wanted to read it. Everything in this edition is invented.",
    ).save()
    for position, name in enumerate(SECTIONS):
        MenuItem.objects.create(label=name, url=f"/sections/{name.lower()}/", position=position)
    markdown = MarkdownIt("commonmark")
    for position, path in enumerate(sorted(PAGES.glob("*.md"))):
        title, _blank, body = path.read_text(encoding="utf-8").partition("\n\n")
        slug = path.stem.partition("-")[2]
        page = Page.objects.create(title=title, slug=slug, body=markdown.render(body))
        MenuItem.objects.create(
            menu=MenuItem.Menu.FOOTER, label=title, url=page.get_absolute_url(), position=position
        )


def load_people() -> dict[str, User]:
    """Make the demo's accounts and those of the authors; return the latter by name."""
    groups = {group.name: group for group in Group.objects.all()}
    for name, roles in (
        ("editor", ["Editor", "Chief"]),
        ("moderator", ["Moderator"]),
        ("reader", []),
    ):
        user = User.objects.create_user(
            f"{name}@example.org", PASSWORD, display_name=f"Demo {name}", is_staff=bool(roles)
        )
        user.groups.set(groups[role] for role in roles)
    people = {}
    for name in AUTHORS:
        address = f"{name.lower().replace(' ', '.')}@example.org"
        people[name] = User.objects.create_user(address, None, display_name=name, is_staff=True)
        people[name].groups.add(groups["Author"])
    return people
