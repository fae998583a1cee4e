"""Reports as schema.org describes them, for search engines."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article, Publication


def news_article(article: Article, request: HttpRequest) -> SafeString:
    """Return the report as JSON-LD (schema.org NewsArticle), safe inside a script element."""
    publication: Publication = getattr(request, "publication", None) or Publication.current()
    url = request.build_absolute_uri(article.get_absolute_url())
    published_at = article.published_at or article.created_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if article.kind == "opinion" else "NewsArticle",
        "headline": article.title[:110],
        "description": article.lede,
        "inLanguage": article.language,
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": published_at.isoformat(),
        "dateModified": (article.updated_at or published_at).isoformat(),
        "articleSection": article.section.name,
        "keywords": [tag.name for tag in article.tags.all()],
        "isAccessibleForFree": True,
        "author": [
            {
                "@type": "Person",
                "name": byline.author.name,
                "url": request.build_absolute_uri(byline.author.get_absolute_url()),
            }
            for byline in article.bylines.all()
        ],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": publication.name,
            "url": request.build_absolute_uri("/"),
        },
    }
    corrections = getattr(article, "shown_corrections", [])
    if corrections:
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": correction.text,
                "datePublished": correction.issued_at.isoformat(),
                "url": f"{url}#correction-{correction.pk}",
            }
            for correction in corrections
        ]
    if article.lead_image and article.lead_image.file:
        data["image"] = [request.build_absolute_uri(article.lead_image.file.url)]
    return script_safe_json(data)


def script_safe_json(data: dict[str, Any]) -> SafeString:
    """Return data as JSON in which no text can end the script element around it."""
    text = json.dumps(data, ensure_ascii=False)
    for character, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escape)
    return mark_safe(text)
