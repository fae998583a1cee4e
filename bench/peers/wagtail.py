"""Wagtail: an article page without comments."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Target
from bench.peers.django_project import Project, served

PROJECT = Project(
    packages=("wagtail==8.0.1",),
    settings="""
INSTALLED_APPS = [
    "peer", "wagtail.sites", "wagtail.users", "wagtail.documents", "wagtail.images",
    "wagtail.admin", "wagtail.search", "wagtail", "modelcluster", "taggit",
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.postgres",
    "django.contrib.staticfiles", "django_filters",
]
WAGTAIL_SITE_NAME = "Load"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
""",
    models="""
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page
class ArticlePage(Page):
    body = RichTextField()
    template = "article.html"
""",
    urls="""
from django.http import HttpResponse
from django.urls import include, path
from wagtail import urls
urlpatterns = [
    path("alive/", lambda request: HttpResponse("alive")),
    path("", include(urls)),
]
""",
    templates={
        "article.html": """{% load wagtailcore_tags %}<!doctype html><title>{{ page.title }}</title>
<nav>{% for sibling in page.get_siblings.live %}<a href="{% pageurl sibling %}">{{ sibling }}</a>
{% endfor %}</nav><article>{{ page.body|richtext }}</article>
"""
    },
    fill="""
from peer.models import ArticlePage
from wagtail.models import Page
home = Page.objects.get(depth=2)
for number in range(10):
    home.add_child(instance=ArticlePage(
        title=f"Load {number}", slug=f"load-{number}",
        body="<p>" + "Some words of a report. " * 300 + "</p>"))
""",
)


@contextmanager
def pages(folder: Path) -> Iterator[dict[str, Target]]:
    with served(PROJECT, folder) as address:
        yield {
            "Wagtail, a page without comments": Target(
                f"{address}/load-5/", b"Some words of a report.", connections=2
            )
        }
