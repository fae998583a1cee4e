"""The words readers may have meant: every word of the published reports, in how many it stands.

The table is filled from the search index's own parser. Publishing and withdrawing keep it near the
truth; ``refresh_vocabulary`` makes it exact again.
"""

from django.db import connection, transaction

from articles.models import Article, SearchWord
from articles.querysets import ArticleQuerySet
from articles.search.text import Folded, words

SHORTEST, LONGEST = 3, 40  # letters of a word worth suggesting
PAD = "  "  # so that the beginning of a word weighs more; method of PostgreSQL's pg_trgm

_FOLDED = Folded.template % {"function": Folded.function, "expressions": "word"}
# Every word of the reports that a query gives, and in how many of them it stands. Addresses and
# numbers are no words.
_WORDS = f"""
    SELECT word, ndoc FROM ts_stat(%s)
    WHERE char_length(word) BETWEEN {SHORTEST} AND {LONGEST} AND word !~ '[0-9@/.:_]'
"""  # noqa: S608 (constants)
_ADD = f"""
    INSERT INTO articles_searchword (language, word, reports, trigrams)
    SELECT %s, word, ndoc, ARRAY(
        SELECT DISTINCT substr(padded, place, 3)
        FROM generate_series(1, char_length(padded) - 2) place
    )
    FROM ({_WORDS}) found, LATERAL (SELECT '{PAD}' || {_FOLDED} || ' ' AS padded) pad
    ON CONFLICT (language, word)
    DO UPDATE SET reports = articles_searchword.reports + excluded.reports
"""  # noqa: S608
_TAKE = f"""
    UPDATE articles_searchword SET reports = greatest(reports - found.ndoc, 0)
    FROM ({_WORDS}) found WHERE language = %s AND articles_searchword.word = found.word
"""  # noqa: S608


def trigrams(word: str) -> list[str]:
    """Return the word's trigrams, as the table keeps them. word: without marks."""
    padded = f"{PAD}{word} "
    return sorted({padded[place : place + 3] for place in range(len(padded) - 2)})


def refresh_vocabulary() -> int:
    """Collect the words of all published reports anew; return how many there are."""
    languages = Article.objects.published().order_by().values_list("language", flat=True)
    with transaction.atomic(), connection.cursor() as cursor:
        # One refresh at a time; suggestions go on reading what was there.
        cursor.execute("LOCK TABLE articles_searchword IN SHARE ROW EXCLUSIVE MODE")
        SearchWord.objects.all().delete()
        for language in languages.distinct():
            reports = Article.objects.published().filter(language=language)
            cursor.execute(_ADD, [language, _vectors(reports)])
    return SearchWord.objects.count()


def learn_words(article: Article) -> None:
    """Add the words of a report that has been published."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [article.language, _vectors(_only(article))])


def forget_words(article: Article) -> None:
    """Take the words of a report that has been withdrawn out again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [_vectors(_only(article)), article.language])
        SearchWord.objects.filter(language=article.language, reports=0).delete()


def _only(article: Article) -> ArticleQuerySet:
    return Article.objects.filter(pk=article.pk)


def _vectors(reports: ArticleQuerySet) -> str:
    """Return the SQL text that ``ts_stat`` asks for: one vector a report."""
    rows = reports.order_by().annotate(found=words()).values("found")
    sql, parameters = rows.query.sql_with_params()
    return str(connection.ops.compose_sql(sql, parameters))  # type: ignore[attr-defined]
