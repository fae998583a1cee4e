"""django-comments-xtd: an article with its whole thread, as its own tag draws it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Target
from bench.peers.django_project import Project, served

SIZES = (0, 100, 1_000)
PROJECT = Project(
    packages=("django-comments-xtd==2.10.13",),
    settings="""
INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites",
    "django.contrib.sessions", "django.contrib.messages", "rest_framework",
    "django_comments_xtd", "django_comments", "peer",
]
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MAX_THREAD_LEVEL = 3
COMMENTS_XTD_CONFIRM_EMAIL = False
""",
    models="""
from django.db import models
class Article(models.Model):
    body = models.TextField()
    def get_absolute_url(self):
        return f"/articles/{self.pk}/"
""",
    urls="""
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from peer.models import Article
def article(request, number):
    return render(request, "article.html", {"article": get_object_or_404(Article, pk=number)})
urlpatterns = [
    path("alive/", lambda request: HttpResponse("alive")),
    path("articles/<int:number>/", article),
    path("comments/", include("django_comments_xtd.urls")),
]
""",
    templates={
        "article.html": """{% load comments comments_xtd %}<!doctype html><title>Load</title>
<article>{{ article.body|safe }}</article>
{% get_comment_count for article as number %}<h2>{{ number }} comments</h2>
{% render_xtdcomment_tree for article %}
"""
    },
    fill=f"""
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.utils import timezone
from django_comments_xtd.models import XtdComment
from peer.models import Article
site, _created = Site.objects.get_or_create(pk=1)
kind = ContentType.objects.get_for_model(Article)
for size in {SIZES}:
    article = Article.objects.create(pk=size + 1,
                                     body="<p>" + "Some words of a report. " * 300 + "</p>")
    for number in range(size):
        above = dict(parent_id=root.pk) if number % 2 else dict()
        comment = XtdComment.objects.create(
            content_type=kind, object_pk=str(article.pk), site=site, user_name="Load",
            user_email="load@example.org", submit_date=timezone.now(),
            comment="Words of a comment of an ordinary length. " * 5, **above)
        root = root if number % 2 else comment
""",
)


@contextmanager
def pages(folder: Path) -> Iterator[dict[str, Target]]:
    with served(PROJECT, folder) as address:
        yield {
            f"django-comments-xtd, {size:,} comments": Target(
                f"{address}/articles/{size + 1}/",
                b"Words of a comment" if size else b"0 comments", connections=2,
            )
            for size in SIZES
        }  # fmt: skip
