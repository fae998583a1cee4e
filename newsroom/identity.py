"""Who the publication is, for apps that do not know it."""

from articles.models import Publication


def publication_identity() -> tuple[str, str]:
    """Return the publication's name and its language."""
    publication = Publication.current()
    return publication.name, publication.language


def publication_time_zone() -> str:
    """Return the name of the zone in which the site's days begin."""
    return Publication.current().time_zone
