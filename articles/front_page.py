"""What stands where on the front page."""

from dataclasses import dataclass, field

from articles.models import Article, FrontSlot, Kind, Section

LATEST = 60  # reports considered; a page needs some thirty
TOP_STORIES = 4
SECTION_STORIES = 4
_VIEWS = {Kind.OPINION, Kind.ANALYSIS}


@dataclass
class FrontPage:
    """The front page's places. No report stands in two of them."""

    lead: Article | None = None
    top: list[Article] = field(default_factory=list)
    opinion: list[Article] = field(default_factory=list)
    strips: list[tuple[Section, list[Article]]] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)


def front_page() -> FrontPage:
    """Return the front page: first what editors placed, the rest filled by time.

    A place is skipped, by the clock alone, once it has expired and as long as readers may not see
    its report. Of several leads the first leads, the others head the top stories.

    A lead by time is the newest report with a picture among the first six, so that one without does
    not stand there bare; opinion and analysis have a place of their own.
    """
    placed = list(
        Article.objects.published()
        .filter(front_slot__in=FrontSlot.objects.standing())
        .select_related("front_slot")
        .order_by("front_slot__place", "front_slot__position", "front_slot__pk")
        .with_cards()
    )
    newest = Article.objects.published().newest_first().with_cards()[:LATEST]
    kept = {article.pk for article in placed}
    articles = [article for article in newest if article.pk not in kept]
    page = FrontPage()
    news = [article for article in articles if article.kind not in _VIEWS]
    if placed and placed[0].front_slot.place == FrontSlot.Place.LEAD:
        page.lead = placed.pop(0)
    else:
        page.lead = _lead_by_time(news[:6] or articles[:1]) or (placed.pop(0) if placed else None)
    if page.lead is None:
        return page
    used = {page.lead.pk}

    def take(rows: list[Article], number: int) -> list[Article]:
        taken = [article for article in rows if article.pk not in used][:number]
        used.update(article.pk for article in taken)
        return taken

    page.top = take([*placed, *news], TOP_STORIES)
    # What was placed beyond the room there is stands below, where its time puts it.
    rest = sorted(
        [*articles, *placed], key=lambda article: (article.published_at, article.pk), reverse=True
    )
    page.opinion = take([article for article in rest if article.kind in _VIEWS], 4)
    by_section: dict[Section, list[Article]] = {}
    for article in rest:
        if article.pk not in used:
            by_section.setdefault(article.section, []).append(article)
    for section in sorted(by_section, key=lambda s: (s.position, s.name)):
        # A single report makes no strip; it stands among the others below.
        if len(by_section[section]) > 1:
            page.strips.append((section, take(by_section[section], SECTION_STORIES)))
    page.latest = take(rest, 12)
    return page


def _lead_by_time(candidates: list[Article]) -> Article | None:
    pictured = (a for a in candidates if a.lead_image and a.lead_image.file)
    return next(pictured, candidates[0] if candidates else None)
