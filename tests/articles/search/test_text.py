"""What counts as the same word: accents, other scripts, names and tags beside the text."""

import pytest
from django.test import Client

from articles.models import Article, Byline
from articles.search.results import search_articles
from articles.search.text import folded
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory, TagFactory

pytestmark = pytest.mark.django_db


def found(query: str) -> set[str]:
    return {result.article.headline for result in search_articles(query).items}


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "The café opens.", "cafe"),
        ("en", "The café opens.", "café"),
        ("en", "The cafe opens.", "café"),
        ("de", "Die Häuser stehen leer.", "Haeuser OR hauser"),
        ("es", "La canción del año.", "cancion ano"),
        ("ru", "Ещё один паром ушёл.", "еще ушел"),
        ("ru", "Самый большой паром.", "большие"),
        ("ar", "كَتَبَ الصحفي", "كتب"),
        ("zh", "Crème brûlée", "creme brulee"),
    ],
)
def test_letters_match_with_and_without_their_marks(language: str, text: str, query: str) -> None:
    ArticleFactory(headline="It", body=f"<p>{text}</p>", language=language)
    ArticleFactory(headline="Other", body="<p>Nothing of it.</p>", language=language)
    assert found(query) == {"It"}


def test_an_excluded_word_excludes_its_accented_form() -> None:
    ArticleFactory(headline="With", body="<p>The harbour café.</p>")
    ArticleFactory(headline="Without", body="<p>The harbour.</p>")
    assert found("harbour -cafe") == {"Without"}
    assert found("harbour -café") == {"Without"}


def test_folding_leaves_letters_of_other_scripts_alone() -> None:
    assert folded("Ça và Ångström") == "Ca va Angstrom"
    assert folded("東京 한국 नमस्ते") == "東京 한국 नमस्ते"


def test_bylines_and_tags_find_a_report() -> None:
    article = ArticleFactory(headline="Signed")
    ArticleFactory(headline="Unsigned")
    Byline.objects.create(article=article, author=AuthorFactory(name="Zora Quill"), position=9)
    article.tags.add(TagFactory(name="Dredging"))
    Article.objects.filter(pk=article.pk).index_for_search()
    assert found("zora quill") == {"Signed"}
    assert found("dredging") == {"Signed"}


def test_a_new_name_of_an_author_or_a_tag_is_found() -> None:
    article = ArticleFactory(headline="Signed")
    author, tag = AuthorFactory(name="Zora Quill"), TagFactory(name="Dredging")
    Byline.objects.create(article=article, author=author, position=9)
    article.tags.add(tag)
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for kind, row in (("author", author), ("tag", tag)):
        answer = client.post(
            f"/admin/articles/{kind}/{row.pk}/change/",
            {"name": f"Renamed {kind}", "slug": row.slug, "role": "", "bio": "", "links": ""},
        )
        assert answer.status_code == 302, answer.context["errors"]
    from django_tasks_db.models import DBTaskResult

    for result in DBTaskResult.objects.ready():
        result.task.call(*result.args_kwargs["args"])
    assert found('"renamed author"') == found('"renamed tag"') == {"Signed"}
    assert found("zora") == set()


def test_marked_words_without_end_are_indexed_by_their_beginning() -> None:
    words = " ".join(f"\u1fb7\u1f80\u1fa7{n:x}\u1fb7" for n in range(40_000))
    ArticleFactory(headline="Long", body=f"<p>needle {words}</p>")
    assert found("needle") == {"Long"}
