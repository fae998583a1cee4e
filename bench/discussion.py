"""P3: a discussion of a hundred thousand comments against one of a thousand: the same cost?"""

import json

from bench.results import Goal, Part
from bench.site import site

SMALL, LARGE = 1_000, 100_000
RUNS = 15
MOVED = 20  # threads
GOAL, MOST_QUERIES = 1.2, 10
# Runs inside the project. Both discussions have the same shape: a third of the comments open
# threads, the rest answer them, and one thread goes 150 levels deep.
ASK = """
import json, re, statistics, time, uuid
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from articles.models import Article, Section
from comments.counts import recount
from comments.keyset import ORDERS, Cursor
from comments.models import Comment, Discussion
from comments.voting import cast_vote

FILL = '''
INSERT INTO comments_comment (discussion_id, parent_id, root_id, depth, guest_name, guest_email,
    body, body_html, quote_exact, quote_prefix, quote_suffix, status, created_at, approved_at,
    reply_count, upvotes, downvotes, imported_upvotes, imported_downvotes)
SELECT %(d)s, p, p, CASE WHEN p IS NULL THEN 0 ELSE 1 END, 'Reader ' || n %% 500, '', t,
    '<p>' || t || '</p>', '', '', '', 'approved', now() - interval '1 second' * n,
    now() - interval '1 second' * n, 0, u, v, u, v
FROM (SELECT n, CASE WHEN %(parents)s THEN (%(ids)s::bigint[])[1 + n %% %(roots)s] END AS p,
             repeat('Some words of a reader. ', 6) AS t,
             (n::bigint * 7919) %% 40 AS u, (n::bigint * 104729) %% 9 AS v
      FROM generate_series(1, %(number)s) AS n) AS rows
'''

def fill(size):
    article = Article.objects.create(
        headline=f"Load {{size}}", slug=f"load-{{size}}", section=section, body="<p>Words.</p>",
        status="published", published_at=timezone.now())
    d = Discussion.objects.create(article=article)
    roots = size // 3
    with connection.cursor() as cursor:
        cursor.execute(FILL, dict(d=d.pk, parents=False, ids=[], roots=1, number=roots))
        ids = list(Comment.objects.filter(discussion=d).values_list("pk", flat=True))
        cursor.execute(FILL, dict(d=d.pk, parents=True, ids=ids, roots=roots,
                                  number=size - roots - 150))
    above = Comment.objects.get(pk=ids[0])
    for depth in range(1, 151):
        above = Comment.objects.create(discussion=d, parent=above, root_id=ids[0], depth=depth,
            guest_name="Deep", body="Deeper.", body_html="<p>Deeper.</p>", status="approved")
    return article, above

section = Section.objects.create(name="Load", slug="load")
made = [fill({small}), fill({large})]
recount()
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")
client = Client(headers={{"Host": "127.0.0.1"}})

def shown(address):
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    assert page.content.count(b'class="comment-body"') >= 5, address
    return page.content.decode()

def last_page(article, sort):
    '''The address of a page near the end, as a reader who began at the first one comes to it.

    Where threads are ranked, its cursor holds the ranking that the first page showed, and some
    threads have been moved since.
    '''
    order = ORDERS[sort]
    begun = order.read(re.search(r"after=([^&]*)", middle(article, sort))[1])
    roots = order.sorted(Comment.objects.roots_of(article.discussion))
    end = list(roots.reverse()[:25])[-1]
    cursor = Cursor(*order.key_of(end), begun.pinned, begun.ranking)
    assert bool(cursor.ranking) == order.is_ranking
    if order.is_ranking:
        for root in roots[100:100 + {moved}]:
            cast_vote(comment=root, value=1, guest_id=uuid.uuid4())
    return f"{{article.get_absolute_url()}}comments/?sort={{sort}}&after={{cursor}}"

def middle(article, sort):
    '''The address of the second page, by the first one's own link.'''
    html = shown(f"{{article.get_absolute_url()}}comments/?sort={{sort}}")
    return re.search(r'href="([^"]*after=[^"]*)"', html)[1].replace("&amp;", "&")

def measured(addresses):
    '''Median milliseconds and queries of each address; the addresses by turns, after a warm-up.'''
    times = [[] for _ in addresses]
    for run in range({runs} + 2):
        for place, address in enumerate(addresses):
            start = time.perf_counter()
            shown(address)
            if run > 1:
                times[place].append(time.perf_counter() - start)
    queries = []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            shown(address)
        queries.append(len(captured))
    return [1000 * statistics.median(t) for t in times], queries

def first_page(article, sort):
    return f"{{article.get_absolute_url()}}comments/?sort={{sort}}"

articles = [article for article, _deepest in made]
pages = {{"first page": first_page, "second page": middle, "last page": last_page}}
rows = []
for sort in ORDERS:
    for what, address in pages.items():
        asked = [address(article, sort) for article in articles]
        rows.append([f"{{sort}}, {{what}}", *measured(asked)])
deepest = [comment.get_absolute_url() for _article, comment in made]
rows.append(["permalink of the deepest", *measured(deepest)])
rows.append(["article page", *measured([article.get_absolute_url() for article in articles])])
print("answer", json.dumps(rows))
"""


def measure() -> Part:
    with site() as made:
        rows = json.loads(made.run(ASK.format(small=SMALL, large=LARGE, runs=RUNS, moved=MOVED)))
    table = "\n".join(
        f"| {what} | {small:.1f} | {large:.1f} | {large / small:.2f} | {few} | {many} |"
        for what, (small, large), (few, many) in rows
    )
    section = f"""
## A discussion of {LARGE:,} comments against one of {SMALL:,}

The same pages by turns in one process, without the server; medians of {RUNS}. No page is kept. The
second and last pages of the ranked orders are read on from a first page, after which {MOVED}
threads were voted on.

| page | ms, {SMALL:,} | ms, {LARGE:,} | ratio | queries | queries |
| --- | --- | --- | --- | --- | --- |
{table}
"""
    worst, where = max((large / small, what) for what, (small, large), _ in rows)
    most = max(many for _, _, (_few, many) in rows)
    is_same = all(few == many for _, _, (few, many) in rows)
    goal = Goal(
        "P3", f"cold pages of a discussion of {LARGE:,} comments against one of {SMALL:,}",
        f"≤ {GOAL} times as long; the same queries, at most {MOST_QUERIES}",
        f"{worst:.2f} at most ({where}); {'the same' if is_same else 'other'} queries, "
        f"{most} at most",
        worst <= GOAL and is_same and most <= MOST_QUERIES,
    )  # fmt: skip
    return Part(section, [goal])
