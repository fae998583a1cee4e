"""P8: the import of a large WordPress export."""

import subprocess
import sys
import time
from pathlib import Path

from bench.machine import PROJECT
from bench.results import Goal, Part
from bench.site import site
from tests.memory import peak_of

SIZE = 300_000_000  # bytes
THREAD = 30  # comments of a report
PATIENCE = 1_800  # seconds
MOST_MEMORY, GOAL = 300, 3_000  # MB; comments a second
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old site</title><link>http://old.example.org</link><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>http://old.example.org</wp:base_site_url>
<wp:base_blog_url>http://old.example.org</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>ann</wp:author_login>
<wp:author_email>ann@example.org</wp:author_email>
<wp:author_display_name><![CDATA[Ann]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>news</wp:category_nicename>
<wp:cat_name><![CDATA[News]]></wp:cat_name></wp:category>
"""
ITEM = """<item><title>Report {n}</title><link>http://old.example.org/report-{n}/</link>
<pubDate>Mon, 06 Mar 2023 10:00:00 +0000</pubDate><dc:creator><![CDATA[ann]]></dc:creator>
<guid isPermaLink="false">http://old.example.org/?p={n}</guid><description></description>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{n}</wp:post_id><wp:post_date>2023-03-06 10:00:00</wp:post_date>
<wp:post_date_gmt>2023-03-06 10:00:00</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>
<wp:ping_status>closed</wp:ping_status><wp:post_name>report-{n}</wp:post_name>
<wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent><wp:menu_order>0</wp:menu_order>
<wp:post_type>post</wp:post_type><wp:post_password></wp:post_password><wp:is_sticky>0</wp:is_sticky>
<category domain="category" nicename="news"><![CDATA[News]]></category>
{comments}</item>
"""
COMMENT = """<wp:comment><wp:comment_id>{number}</wp:comment_id>
<wp:comment_author><![CDATA[Reader {reader}]]></wp:comment_author>
<wp:comment_author_email>reader{reader}@example.org</wp:comment_author_email>
<wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>198.51.100.7</wp:comment_author_IP>
<wp:comment_date>2023-03-06 {hour:02d}:{minute:02d}:00</wp:comment_date>
<wp:comment_date_gmt>2023-03-06 {hour:02d}:{minute:02d}:00</wp:comment_date_gmt>
<wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id></wp:comment>
"""
BODY = """<!-- wp:paragraph -->
<p>Some words of a <strong>report</strong>, number {n}, with
a <a href="https://example.org/{n}">link</a>.</p>
<!-- /wp:paragraph -->
"""
COUNT = """
from articles.models import Article
from comments.models import Comment
print("answer", Article.objects.count(), Comment.objects.count(),
      Comment.objects.filter(parent__isnull=False).count())
"""


def measure() -> Part:
    with site() as made:
        export = made.folder / "export.xml"
        reports = write_export(export, SIZE)
        expected = [reports, reports * THREAD, reports * THREAD * 2 // 3]
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "manage.py", "import_wordpress", str(export)],
            cwd=PROJECT, env=made.environment, stdout=subprocess.DEVNULL, text=True,
        ) as process:  # fmt: skip
            memory = peak_of(process, PATIENCE) / 1e6
        if process.returncode:
            raise SystemExit("The import failed; see above.")
        took = time.monotonic() - began
        found = [int(number) for number in made.run(COUNT).split()]
        if found != expected:
            raise SystemExit(f"Imported {found} instead of {expected}")
    rate = expected[1] / took
    section = f"""
## A large WordPress export

{SIZE / 1e6:.0f} MB: {reports:,} reports of an ordinary size, each with {THREAD} comments, two
thirds of them answers. Imported into an empty site in {took:.0f} s ({SIZE / took / 1e6:.1f} MB/s,
{rate:,.0f} comments/s with their reports) by two processes, which together took {memory:.0f} MB of
memory at most, beside PostgreSQL on the same cores; afterwards all reports and comments are there,
each answer under what it answers.
"""
    goal = Goal(
        "P8", f"import of a {SIZE / 1e6:.0f} MB WordPress export",
        f"< {MOST_MEMORY} MB of memory; ≥ {GOAL:,} comments/s",
        f"{memory:.0f} MB; {rate:,.0f} comments/s", memory < MOST_MEMORY and rate >= GOAL,
    )  # fmt: skip
    return Part(section, [goal])


def write_export(path: Path, size: int) -> int:
    """Write an export of at least size bytes; return how many reports it has."""
    number = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        while stream.tell() < size:
            number += 1
            body = BODY.format(n=number) * 30
            stream.write(ITEM.format(n=number, body=body, comments=_thread(number)))
        stream.write("</channel></rss>\n")
    return number


def _thread(report: int) -> str:
    """Return a report's comments: of each three, one opens a thread and two answer one by one."""
    parts = []
    for place in range(THREAD):
        number = report * 1_000 + place
        parts.append(
            COMMENT.format(
                number=number, reader=number % 5_000, parent=number - 1 if place % 3 else 0,
                hour=10 + place // 3, minute=place, text=f"Comment {number}: "
                + "words as readers write them, <em>some</em> with emphasis. " * 4,
            )
        )  # fmt: skip
    return "".join(parts)
