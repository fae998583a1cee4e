"""P7: search over many reports: one query, by the index, against the time of its own SQL."""

import json

from bench.results import Goal, Part
from bench.site import site

ARTICLES = 100_000
GOAL = 1.5
RUNS = 7
# Runs inside the project. Each query is asked as a reader's page asks it, then as bare SQL.
ASK = """
import json, statistics, time
from django.db import connection
from django.test.utils import CaptureQueriesContext
from articles.models import Article, SearchWord
from articles.search.results import search_articles
from articles.search.suggestions import suggest_query
from articles.search.vocabulary import refresh_vocabulary

def median(work):
    times = []
    for _ in range({runs}):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)

refresh_vocabulary()
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")
words = SearchWord.objects.filter(language="en", word__regex="^[a-z]{{5,}}$").order_by("-reports")
seldom = words.filter(reports__lte={seldom}).first() or words.last()
common, rare = words[0].word, seldom.word
rows, plan = [], ""
for query in (rare, common, f'"{{common}}" -{{rare}}'):
    with CaptureQueriesContext(connection) as captured:
        found = search_articles(query).items
    assert len(captured) == 1, captured.captured_queries
    assert found, query
    sql = captured[0]["sql"]
    def bare():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()
    rows.append([query, Article.objects.matching(query).count(),
                 median(lambda: search_articles(query)), median(bare)])
    if not plan:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF) " + sql)
            plan = chr(10).join(row[0][:110] for row in cursor.fetchall())
mistyped = common[:-3] + common[-2] + common[-3] + common[-1]
assert "Bitmap Index Scan on article_search" in plan, plan
print("answer", json.dumps({{
    "rows": rows, "plan": plan, "words": SearchWord.objects.count(),
    "mistyped": [mistyped, suggest_query(mistyped), median(lambda: suggest_query(mistyped))],
}}))
"""


def measure() -> Part:
    """Measure over a database of its own, which is thrown away."""
    with site() as made:
        made.manage("populate", "--articles", str(ARTICLES), "--comments", "0", "--seed", "1")
        answer = json.loads(made.run(ASK.format(runs=RUNS, seldom=ARTICLES // 500)))
    rows = "\n".join(
        f"| `{query}` | {reports:,} | {page:.0f} | {sql:.0f} | {page / sql:.2f} |"
        for query, reports, page, sql in answer["rows"]
    )
    typed, meant, taken = answer["mistyped"]
    section = f"""
## Search over {ARTICLES:,} reports

`populate --articles {ARTICLES}`, five languages. A page of results is one query; beside it the same
SQL sent bare. Medians of {RUNS}.

| query | matches | ms | ms, its SQL | ratio |
| --- | --- | --- | --- | --- |
{rows}

A mistyped word (`{typed}`) is led to `{meant}` in {taken:.0f} ms, out of {answer["words"]:,} known
words. What PostgreSQL does for the first:

```
{answer["plan"]}
```
"""
    worst = max(page / sql for _query, _reports, page, sql in answer["rows"])
    goal = Goal(
        "P7", f"search over {ARTICLES:,} reports, against its own SQL", f"≤ {GOAL}, indexed",
        f"{worst:.2f} at most, by the index", worst <= GOAL,
    )  # fmt: skip
    return Part(section, [goal])
