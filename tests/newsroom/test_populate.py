"""``manage.py populate``: load data that the site takes for its own, the same for the same seed."""

import hashlib
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Count
from django.test import Client

from accounts.models import User
from articles.html import clean_html
from articles.models import Article, Author, Section, Series, Tag
from comments.counts import recount
from comments.markup import render
from comments.models import Comment, CommentStatus, Discussion
from comments.text import checked_body
from newsroom.populate import load
from newsroom.populate.language import language
from newsroom.populate.plan import Plan
from newsroom.populate.progress import ProgressBar
from newsroom.populate.reports import LANGUAGES
from newsroom.populate.threads import DEEPEST, NONE, threads
from tests.articles.factories import ArticleFactory

PROJECT = Path(__file__).resolve().parent.parent.parent
ARTICLES, COMMENTS = 30, 2_000
MADE = (Article, Section, Series, Tag, Author, User, Discussion, Comment)


def run(articles: object = ARTICLES, comments: object = COMMENTS, seed: object = 7) -> str:
    out = StringIO()
    call_command(
        "populate", f"--articles={articles}", f"--comments={comments}", f"--seed={seed}", stdout=out
    )
    return out.getvalue()


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MADE}


def fingerprint() -> list[str]:
    """Every row of every table that is written, without its numbers."""
    queries = [
        """SELECT a.headline, a.slug, a.lede, a.body, a.key_points, a.kind, a.language, a.status,
                  a.published_at, a.created_at, a.modified_at, a.series_part, a.search_vector::text,
                  s.slug, r.slug FROM articles_article a JOIN articles_section s
                  ON s.id = a.section_id LEFT JOIN articles_series r ON r.id = a.series_id
           ORDER BY a.slug""",
        """SELECT a.slug, u.slug, b.position FROM articles_byline b JOIN articles_article a
           ON a.id = b.article_id JOIN articles_author u ON u.id = b.author_id ORDER BY 1, 3""",
        """SELECT a.slug, t.slug FROM articles_article_tags x JOIN articles_article a
           ON a.id = x.article_id JOIN articles_tag t ON t.id = x.tag_id ORDER BY 1, 2""",
        "SELECT slug, name, description, position FROM articles_section ORDER BY 1",
        "SELECT slug, name, description FROM articles_series ORDER BY 1",
        "SELECT slug, name FROM articles_tag ORDER BY 1",
        "SELECT slug, name, role, bio FROM articles_author ORDER BY 1",
        "SELECT email, display_name, password, date_joined FROM accounts_user ORDER BY 1",
        """SELECT a.slug, d.state, d.policy, d.comment_count FROM comments_discussion d
           JOIN articles_article a ON a.id = d.article_id ORDER BY 1""",
        """SELECT a.slug, c.id - f.id, c.parent_id - f.id, c.root_id - f.id, c.depth, u.email,
                  c.guest_name, c.guest_email, c.guest_id, c.body, c.body_html, c.status,
                  c.created_at, c.reply_count, c.upvotes, c.downvotes, c.imported_upvotes, c.score
           FROM comments_comment c CROSS JOIN (SELECT min(id) AS id FROM comments_comment) f
           JOIN comments_discussion d ON d.id = c.discussion_id
           JOIN articles_article a ON a.id = d.article_id
           LEFT JOIN accounts_user u ON u.id = c.user_id ORDER BY c.id""",
    ]
    prints = []
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            prints.append(hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest())
    return prints


def take_away() -> None:
    """Empty every table that is written."""
    with connection.cursor() as cursor:
        tables = ", ".join(model._meta.db_table for model in MADE)
        cursor.execute(f"TRUNCATE {tables} CASCADE")


@pytest.fixture
def populated(db: None) -> None:
    run()


@pytest.mark.usefixtures("populated")
class TestRows:
    def test_makes_reports_that_readers_see(self) -> None:
        made = Article.objects.published()
        assert {article.slug for article in made} == {
            f"load-{number}" for number in range(1, ARTICLES + 1)
        }
        assert made.values("section").distinct().count() > 3
        assert made.exclude(series=None).exists()
        assert made.values("language").distinct().count() > 2
        assert not made.filter(tags=None).exists()
        assert not made.filter(authors=None).exists()
        for article in made:
            assert clean_html(article.body) == article.body
            assert 300 <= len(article.body.split()) <= 1_200
            article.full_clean()

    def test_half_of_the_comments_are_on_the_first_and_the_rest_follow_a_power_law(self) -> None:
        counts = dict(
            Discussion.objects.annotate(n=Count("comments")).values_list("article__slug", "n")
        )
        assert sum(counts.values()) == COMMENTS
        assert counts["load-1"] == COMMENTS // 2
        rest = [counts[f"load-{number}"] for number in range(2, ARTICLES + 1)]
        assert rest[0] > 1.8 * rest[1] > 1.8 * 1.3 * rest[2]
        assert sorted(rest, reverse=True)[:10] == rest[:10]
        assert all(rest)

    def test_threads_keep_every_rule_of_comments(self) -> None:
        places = Comment.objects.in_bulk()
        for comment in places.values():
            if comment.parent_id is None:
                assert (comment.root_id, comment.depth) == (None, 0)
                continue
            parent = places[comment.parent_id]
            assert comment.discussion_id == parent.discussion_id
            assert comment.root_id == (parent.root_id or parent.pk)
            assert comment.depth == parent.depth + 1
            assert parent.status in {CommentStatus.APPROVED, CommentStatus.DELETED}
            assert comment.created_at >= parent.created_at
        assert max(comment.depth for comment in places.values()) == DEEPEST
        assert Comment.objects.filter(parent=None).count() > COMMENTS / 10

    def test_comments_are_what_readers_could_have_written(self) -> None:
        for comment in Comment.objects.select_related("discussion__article"):
            assert checked_body(comment.body) == comment.body
            assert render(comment.body) == comment.body_html
            published_at = comment.discussion.article.published_at
            assert published_at is not None
            assert comment.created_at >= published_at
            assert bool(comment.user_id) != bool(comment.guest_name and comment.guest_id)
        statuses = dict(Comment.objects.values_list("status").annotate(Count("pk")).order_by())
        assert statuses["approved"] > 0.9 * COMMENTS
        assert {"held", "spam", "deleted"} < set(statuses)
        assert Comment.objects.filter(user=None).exists()
        assert Comment.objects.exclude(user=None).exists()

    def test_votes_have_a_long_tail(self) -> None:
        scores = sorted(Comment.objects.values_list("upvotes", flat=True))
        assert scores[len(scores) // 2] <= 2
        assert scores[-1] > 100
        assert not Comment.objects.exclude(status="approved").exclude(upvotes=0).exists()

    def test_a_recount_finds_nothing_to_correct(self) -> None:
        assert set(recount().values()) == {0}

    def test_nobody_can_log_in_as_a_made_up_reader(self) -> None:
        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_pages_show_them(self, client: Client) -> None:
        assert client.get("/articles/load-1/").status_code == 200
        page = client.get("/articles/load-1/comments/")
        assert page.status_code == 200
        assert page.content.count(b'id="comment-') >= 20

    def test_search_finds_a_rare_word_in_its_report(self, client: Client) -> None:
        place = next(
            word
            for word in reversed(language("en").places.items)
            if Article.objects.filter(body__contains=word, language="en").count() == 1
        )
        (found,) = Article.objects.filter(body__contains=place)
        assert found.get_absolute_url() in client.get("/search/", {"q": place}).content.decode()


@pytest.mark.django_db
class TestRuns:
    def test_the_same_numbers_make_the_same_rows(self) -> None:
        run(5, 300)
        first = fingerprint()
        take_away()
        run(5, 300)
        assert fingerprint() == first

    def test_another_seed_makes_other_rows(self) -> None:
        run(2, 40, seed=1)
        first = fingerprint()
        take_away()
        run(2, 40, seed=2)
        again = fingerprint()
        assert again[0] != first[0]
        assert again[-1] != first[-1]

    def test_a_second_run_adds_nothing_and_says_so(self) -> None:
        run(5, 300)
        before = rows()
        assert "nothing was added" in run(5, 300)
        assert rows() == before

    @pytest.mark.parametrize("numbers", [(6, 300, 7), (5, 301, 7), (5, 300, 8)])
    def test_other_numbers_on_top_are_refused(self, numbers: tuple[int, int, int]) -> None:
        run(5, 300)
        before = rows()
        with pytest.raises(CommandError, match="--articles 5 --comments 300 --seed 7"):
            run(*numbers)
        assert rows() == before

    def test_stands_beside_what_the_site_has(self) -> None:
        own = ArticleFactory(slug="our-own")
        assert "The site has 1 reports; they stay" in run(3, 50)
        assert Article.objects.get(pk=own.pk).headline == own.headline
        assert Article.objects.count() == 4

    def test_an_address_that_is_taken_is_told(self) -> None:
        ArticleFactory(slug="load-2")
        before = rows()
        with pytest.raises(CommandError, match="load-2"):
            run(3, 50)
        assert rows() == before

    @pytest.mark.parametrize(
        ("articles", "comments", "seed"),
        [
            (0, 0, 1), (0, 10, 1), (-1, 10, 1), (3, -1, 1), (3, 1, -1), (10**9, 1, 1),
            (1, 10**12, 1), (1, 1, 2**63), ("many", 1, 1), (1, "1e3", 1), (1, "", 1),
            ("9" * 5000, 1, 1), (1, 1, "x"), ("2.5", 1, 1), (1, "\x00", 1),
        ],
    )  # fmt: skip
    def test_numbers_that_are_none_change_nothing(
        self, articles: object, comments: object, seed: object
    ) -> None:
        before = rows()
        with pytest.raises(CommandError, match=r"articles|comments|seed"):
            run(articles, comments, seed)
        assert rows() == before

    @pytest.mark.parametrize(("articles", "comments"), [(1, 30), (1, 0), (3, 0), (3, 1), (20, 5)])
    def test_few_of_either(self, articles: int, comments: int) -> None:
        run(articles, comments)
        assert Article.objects.count() == articles
        assert Comment.objects.count() == comments
        first = Comment.objects.filter(discussion__article__slug="load-1").count()
        assert first == (comments if articles == 1 else comments // 2)
        assert set(recount().values()) == {0}

    @pytest.mark.parametrize("phase", ["articles", "comments"])
    def test_one_that_breaks_off_leaves_nothing_and_can_be_repeated(self, phase: str) -> None:
        before = rows()

        def break_off(name: str, _share: float) -> None:
            if name == phase:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            load.populate(Plan(3, 50, 1), break_off)
        assert rows() == before
        assert load.populate(Plan(3, 50, 1), lambda _name, _share: None)


class TestThreads:
    def test_a_large_discussion_has_quarrels_as_deep_as_any_is(self) -> None:
        made = threads(5_000, Random("deep"))
        assert max(made.depths) == DEEPEST
        assert made.parents.count(NONE) > 1_000

    def test_is_empty_without_comments(self) -> None:
        assert len(threads(0, Random("none"))) == 0


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_speaks_plain_text(code: str) -> None:
    text = language(code).sentences(300, Random(code))
    assert "{" not in text
    assert clean_html(f"<p>{text}</p>") == f"<p>{text}</p>"
    assert len(set(text.split())) > 100


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("out", "lines"), [(Terminal(), 1), (StringIO(), 4)])
def test_progress_is_a_bar_or_a_few_lines(out: StringIO, lines: int) -> None:
    bar = ProgressBar(out)
    for part in range(1, 1_001):
        bar("comments", part / 1_000)
    bar.end()
    assert out.getvalue().count("\n") == lines
    assert "100 %" in out.getvalue()
