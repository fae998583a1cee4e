"""What stands where on the front page."""

from dataclasses import dataclass, field

from articles.models import Article, Kind, Section

LATEST = 60  # reports considered; a page needs some thirty
SECTION_STORIES = 4


@dataclass
class FrontPage:
    """The front page's places. No report stands in two of them."""

    lead: Article | None = None
    top: list[Article] = field(default_factory=list)
    opinion: list[Article] = field(default_factory=list)
    strips: list[tuple[Section, list[Article]]] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)


def front_page() -> FrontPage:
    """Return the front page, filled by time.

    The lead is the newest report with a picture among the first six, so that one without does not
    stand there bare; opinion and analysis have a place of their own.
    """
    articles = list(Article.objects.published().newest_first().with_cards()[:LATEST])
    page = FrontPage()
    if not articles:
        return page
    news = [a for a in articles if a.kind not in {Kind.OPINION, Kind.ANALYSIS}]
    candidates = news[:6] or articles[:1]
    page.lead = next((a for a in candidates if a.lead_image and a.lead_image.file), candidates[0])
    used = {page.lead.pk}

    def take(rows: list[Article], number: int) -> list[Article]:
        taken = [a for a in rows if a.pk not in used][:number]
        used.update(a.pk for a in taken)
        return taken

    page.top = take(news, 4)
    page.opinion = take([a for a in articles if a.kind in {Kind.OPINION, Kind.ANALYSIS}], 4)
    by_section: dict[Section, list[Article]] = {}
    for article in articles:
        by_section.setdefault(article.section, []).append(article)
    for section in sorted(by_section, key=lambda s: (s.position, s.name)):
        if stories := take(by_section[section], SECTION_STORIES):
            page.strips.append((section, stories))
    page.latest = take(articles, 12)
    return page
