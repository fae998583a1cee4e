"""The article that most parts ask for: an ordinary report, with a discussion of a given size."""

SIZES = (0, 100, 1_000, 5_000)
CODE = f"""
import datetime
from django.utils import timezone
from articles.models import Article, Section
from comments.counts import recount
from comments.markup import render
from comments.models import Comment, Discussion
section = Section.objects.create(name="Load", slug="load")
now = timezone.now()
for size in {SIZES}:
    article = Article.objects.create(
        headline="Load", slug=f"load-{{size}}", section=section, status="published",
        published_at=now, body="<p>" + "Some words of a report. " * 300 + "</p>")
    discussion = Discussion.objects.create(article=article, policy="open")
    body = "A comment of an ordinary length, with *some* emphasis in it. " * 3
    fields = dict(discussion=discussion, guest_name="Load", body=body, body_html=render(body),
                  status="approved")
    moments = (now + datetime.timedelta(seconds=n) for n in range(size))
    roots = Comment.objects.bulk_create(
        Comment(**fields, created_at=next(moments)) for _ in range(size // 2))
    Comment.objects.bulk_create(
        Comment(**fields, created_at=next(moments), parent=root, root=root, depth=1)
        for root in roots)
recount()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")
"""


def path(size: int) -> str:
    return f"/articles/load-{size}/"


def holds(size: int) -> bytes:
    """Return what a page with so many comments must hold."""
    return b'class="comment-body"' if size else b'id="comments"'
