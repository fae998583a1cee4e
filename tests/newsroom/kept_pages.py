"""A site with something on every page that is kept, and an address of each kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles import share_image
from articles.corrections import issue_correction
from articles.models import Article, FrontSlot, MenuItem, Page, Publication
from articles.revisions import keep_revision
from comments.models import Comment, Discussion
from comments.passages.following import passage_for
from tests.accounts.factories import UserFactory
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    ImageFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory


@dataclass
class World:
    """A report with all that belongs to one, and one that has nothing to do with it."""

    article: Article
    other: Article
    related: Article
    next_part: Article
    author: Any
    tag: Any
    image: Any
    page: Page
    discussion: Discussion
    root: Comment
    reply: Comment
    held: Comment
    writer: Any
    moderator: Any
    addresses: dict[str, str]


def world() -> World:
    Publication.objects.update_or_create(pk=1, defaults={"comment_policy": "open"})
    author, tag, series, image = AuthorFactory(), TagFactory(), SeriesFactory(), ImageFactory()
    section = SectionFactory()
    article = ArticleFactory(
        authors=[author], series=series, series_part=1, lead_image=image, section=section
    )
    article.tags.add(tag)
    next_part = ArticleFactory(series=series, series_part=2, section=section)
    related = ArticleFactory()
    article.related.add(related)
    keep_revision(article=article, by=None, reason="Published")
    article.body = "<p>The first paragraph.</p><p>The second paragraph, put right.</p>"
    article.save()
    keep_revision(article=article, by=None, reason="Put right")
    issue_correction(article=article, kind="correction", text="It was May.", by=None)
    FrontSlot.objects.create(place="lead", article=article)
    discussion = DiscussionFactory(article=article)
    writer, moderator = UserFactory(), UserFactory(role="Chief")
    root = CommentFactory(discussion=discussion, user=writer, guest_name="", guest_email="")
    reply = CommentFactory(parent=root)
    CommentFactory(parent=reply)
    quoting = CommentFactory(discussion=discussion, quote_exact="first paragraph")
    quoting.passage = passage_for(discussion=discussion, exact="first paragraph")
    quoting.save()
    held = CommentFactory(discussion=discussion, status="held")
    other = DiscussionFactory().article
    page = Page.objects.create(title="About", slug="about", body="<p>We.</p>")
    MenuItem.objects.create(label="About", url="/pages/about/", menu="footer")
    method = MethodFactory(
        kind="bank", url="", iban="XX84EXAMPLE0000000000000", account_holder="The Ledger"
    )
    CampaignFactory()
    GiftFactory()
    card = share_image.share_card(article, Publication.current())
    at = article.published_at or timezone.now()
    home, talk = article.get_absolute_url(), f"{article.get_absolute_url()}comments/"
    return World(
        article, other, related, next_part, author, tag, image, page, discussion, root, reply,
        held, writer, moderator,
        {
            "articles:front": "/",
            "articles:detail": home,
            "articles:changes": f"{home}changes/",
            "articles:corrections": "/corrections/",
            "articles:corrections_feed": "/corrections/feed/",
            "articles:page": page.get_absolute_url(),
            "articles:section": section.get_absolute_url(),
            "articles:section_feed": f"{section.get_absolute_url()}feed/",
            "articles:series": series.get_absolute_url(),
            "articles:series_feed": f"{series.get_absolute_url()}feed/",
            "articles:tag": tag.get_absolute_url(),
            "articles:tag_feed": f"{tag.get_absolute_url()}feed/",
            "articles:author": author.get_absolute_url(),
            "articles:author_feed": f"{author.get_absolute_url()}feed/",
            "articles:archive_index": "/archive/",
            "articles:archive": f"/archive/{at.year}/{at.month}/",
            "articles:feed": "/feed/",
            "articles:sitemap": "/sitemap.xml",
            "articles:sitemap_section": "/sitemap-articles.xml",
            "articles:news_sitemap": "/news-sitemap.xml",
            "articles:share_image": f"{home}share-{card.digest}.png",
            "articles:icon": "/icon-192.png",
            "articles:saved": "/saved/",
            "articles:service_worker": "/service-worker.js",
            "articles:manifest": "/manifest.webmanifest",
            "articles:robots": "/robots.txt",
            "articles:identity": "/identity-9b2226.css",
            "comments:discussion": talk,
            "comments:news": f"{talk}news/",
            "comments:new": f"{talk}new/?ids={root.pk}",
            "comments:feed": f"{talk}feed/",
            "comments:permalink": root.get_absolute_url(),
            "comments:transparency": "/transparency/",
            "donations:donate": "/donate/",
            "donations:past": "/donate/past/",
            "donations:payment_code": f"/donate/code/{method.pk}.svg",
        },
    )  # fmt: skip


# The same page in other words, which needs no example of its own.
_FORMS = re.compile(r"_(?:atom|json)\Z")


def kept_kinds() -> set[str]:
    """Return the names of all addresses whose pages may be kept."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                namespace = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern, prefix + namespace)
            elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "page_rule"):
                yield _FORMS.sub("", f"{prefix}{pattern.name}")

    return set(walk(get_resolver(), ""))
