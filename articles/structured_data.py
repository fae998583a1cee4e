"""Reports as schema.org describes them, for search engines."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article, Kind, Publication
from articles.share_image import share_image_path

# Whatever is no kind of its own there is a NewsArticle.
TYPES = {Kind.OPINION: "OpinionNewsArticle", Kind.ANALYSIS: "AnalysisNewsArticle"}
HEADLINE_LENGTH = 110  # what search engines show of one


def news_article(article: Article, request: HttpRequest) -> SafeString:
    """Return the report as JSON-LD (schema.org NewsArticle), safe inside a script element."""
    publication = _publication_of(request)
    absolute = request.build_absolute_uri
    url = absolute(article.get_absolute_url())
    published_at = article.published_at or article.created_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES.get(Kind(article.kind), "NewsArticle"),
        "headline": article.title[:HEADLINE_LENGTH],
        "description": article.lede,
        "inLanguage": article.language,
        "url": url,
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": url,
            "breadcrumb": _breadcrumbs(article, publication, absolute),
        },
        "datePublished": published_at.isoformat(),
        "dateModified": (article.updated_at or published_at).isoformat(),
        "articleSection": article.section.name,
        "keywords": [tag.name for tag in article.tags.all()],
        "isAccessibleForFree": True,
        "author": [
            {
                "@type": "Person",
                "name": byline.author.name,
                "url": absolute(byline.author.get_absolute_url()),
            }
            for byline in article.bylines.all()
        ]
        # A report without a byline is the newsroom's own.
        or [{"@type": "NewsMediaOrganization", "name": publication.name, "url": absolute("/")}],
        "publisher": _publisher(publication, absolute),
        "image": [picture_of(article, request)],
    }
    if article.series:
        data["isPartOf"] = {
            "@type": "CreativeWorkSeries",
            "name": article.series.name,
            "url": absolute(article.series.get_absolute_url()),
        }
        if article.series_part:
            data["position"] = article.series_part
    if corrections := getattr(article, "shown_corrections", []):
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": correction.text,
                "datePublished": correction.issued_at.isoformat(),
                "url": f"{url}#correction-{correction.pk}",
            }
            for correction in corrections
        ]
    return script_safe_json(data)


def _publisher(publication: Publication, absolute: Callable[[str], str]) -> dict[str, Any]:
    publisher: dict[str, Any] = {
        "@type": "NewsMediaOrganization",
        "name": publication.name,
        "url": absolute("/"),
        "correctionsPolicy": absolute(reverse("articles:corrections")),
    }
    if publication.logo:
        publisher["logo"] = {"@type": "ImageObject", "url": absolute(publication.logo.url)}
    return publisher


def picture_of(article: Article, request: HttpRequest) -> str:
    """Return the address of the picture that stands for a report: its own, or one drawn for it."""
    image = article.lead_image
    if image and image.file:
        return request.build_absolute_uri(image.file.url)
    return request.build_absolute_uri(share_image_path(article, _publication_of(request)))


def _publication_of(request: HttpRequest) -> Publication:
    publication: Publication | None = getattr(request, "publication", None)
    return publication or Publication.current()


def _breadcrumbs(
    article: Article, publication: Publication, absolute: Callable[[str], str]
) -> dict[str, Any]:
    steps = [
        (publication.name, "/"),
        (article.section.name, article.section.get_absolute_url()),
        (article.title, article.get_absolute_url()),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": absolute(address)}
            for number, (name, address) in enumerate(steps, 1)
        ],
    }


def script_safe_json(data: dict[str, Any]) -> SafeString:
    """Return data as JSON in which no text can end the script element around it."""
    text = json.dumps(data, ensure_ascii=False)
    for character, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escape)
    return mark_safe(text)
