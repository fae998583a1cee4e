"""Whatever is written by whatever way, no page that is kept is older than what was committed."""

import datetime
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.utils import timezone

from articles.corrections import issue_correction
from articles.curation import move_slot, place_article, take_off
from articles.models import Article, MenuItem, Page, Publication, Section, Series, Tag
from articles.workflow import publish_article, schedule_article, withdraw_article
from comments.editing import delete_comment, edit_comment
from comments.models import Comment, Discussion, Passage
from comments.moderation.decisions import approve_comment, reject_comment, remove_comment
from comments.moderation.marking import close_thread, correct_comment, feature_comment, pin_comment
from comments.moderation.reports import report_comment
from comments.posting import post_comment
from comments.voting import cast_vote
from donations.donors.wall import ask_for_wall
from donations.ledger.by_hand import refund_gift
from donations.models import Campaign, DonationMethod, Gift, SupportText, WallName
from newsroom.listening import listening_connection
from pagecache.store import SOFT_SECONDS
from pagecache.wsgi import PageCache
from tests.articles.factories import ArticleFactory, AuthorFactory, TagFactory
from tests.comments.factories import CommentFactory
from tests.donations.factories import GiftFactory
from tests.newsroom.kept_pages import World, world
from tests.pagecache.test_listener import Heard
from tests.served import Served, Site

pytestmark = pytest.mark.django_db(transaction=True)


class Kept:
    """The site behind a cache that hears, beside the same site without one."""

    def __init__(self) -> None:
        self.cache = PageCache(
            get_wsgi_application(), limit=50_000_000, connect=listening_connection
        )
        self.kept, self.fresh = Site(self.cache), Site()
        self.kept.get("/healthz")  # the first request lets it listen
        Heard.wait(lambda: self.cache.listener.hears)

    def pages(self, addresses: list[str]) -> dict[str, Served]:
        return {address: self.kept.get(address) for address in addresses}

    def are_kept(self) -> set[str]:
        """Return the addresses that would be answered from memory."""
        return {f"{path}?{query}" if query else path for _, path, query, _ in self.entries()}

    def entries(self) -> list[Any]:
        return list(self.cache.store.entries)


@pytest.fixture
def site() -> Iterator[Kept]:
    kept = Kept()
    yield kept
    kept.cache.listener.stop()


# A cursor names the moment of its page, and a feed without entries that of its making.
OF_THE_MOMENT = re.compile(rb'after=[^"&]+|<lastBuildDate>[^<]+(?=</lastBuildDate></channel>)')


def shown(served: Served) -> tuple[int, bytes, str, str]:
    content = OF_THE_MOMENT.sub(b"", served.content)
    return served.status_code, content, served.get("Last-Modified"), served.get("Location")


def in_sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def save(thing: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save()


def guest() -> dict[str, Any]:
    return {"guest_name": "Ann", "guest_email": "ann@example.org", "guest_id": uuid.uuid4()}


def post(w: World, **fields: Any) -> Comment:
    with transaction.atomic():
        return post_comment(discussion=w.discussion, **{"body": "Well said.", **guest(), **fields})


def wall(_w: World) -> None:
    name = ask_for_wall(gift=Gift.objects.all()[0], name="Ada")
    WallName.objects.filter(pk=name.pk).update(state="shown")


def schedule_past(w: World) -> None:
    draft = ArticleFactory(draft=True, section=w.article.section, series=w.article.series)
    schedule_article(article=draft, by=None, at=timezone.now() + datetime.timedelta(days=1))
    in_sql(
        "UPDATE articles_article SET published_at = now() - interval '1 minute' WHERE id = %s",
        draft.pk,
    )


# Each write by a name, in this order, on one site. All but the votes are exact.
WRITES: dict[str, Callable[[World], Any]] = {
    # The discussion
    "a comment": post,
    "a reply": lambda w: post(w, parent=w.root, user=w.writer),
    "a quote": lambda w: post(w, body="Which?", quote_exact="second paragraph"),
    "an edit": lambda w: edit_comment(comment=w.root, body="Put otherwise.", user=w.writer),
    "an approval": lambda w: approve_comment(comment=w.held, by=w.moderator),
    "a rejection": lambda w: reject_comment(comment=w.held, by=w.moderator),
    "a removal": lambda w: remove_comment(comment=w.reply, by=w.moderator),
    "a correction by a moderator": lambda w: correct_comment(
        comment=w.root, by=w.moderator, body="Shorter."
    ),
    "a pin": lambda w: pin_comment(comment=w.root, by=w.moderator),
    "a pick": lambda w: feature_comment(comment=w.root, by=w.moderator),
    "a closed thread": lambda w: close_thread(comment=w.root, by=w.moderator),
    "a report": lambda w: report_comment(
        comment=w.root, reason="insult", text="", guest_id=uuid.uuid4()
    ),
    "a deletion": lambda w: delete_comment(comment=post(w, user=w.writer), user=w.writer),
    "a reader's new name": lambda w: save(w.writer, display_name="Nick"),
    "a reader among the staff": lambda w: save(w.writer, is_staff=True),
    "an editor's question": lambda w: Passage.objects.create(
        discussion=w.discussion, exact="The", question="Who?", start=0, end=3
    ),
    "a closed discussion": lambda _w: Discussion.objects.update(state="closed"),
    "a first discussion": lambda w: Discussion.objects.create(article=w.next_part, state="closed"),
    "many comments at once": lambda w: Comment.objects.bulk_create(
        CommentFactory.build(discussion=w.discussion, parent=None, approved_at=timezone.now())
        for _ in range(600)
    ),
    "comments in SQL": lambda _w: in_sql("UPDATE comments_comment SET body_html = 'Gone.'"),
    "no comments": lambda _w: in_sql("TRUNCATE comments_comment CASCADE"),
    # Reports
    "an edited report": lambda w: save(w.article, headline="Another headline", lede="Another."),
    "a report in SQL": lambda _w: in_sql("UPDATE articles_article SET lede = 'In SQL.'"),
    "a correction": lambda w: issue_correction(
        article=w.article, kind="update", text="New.", by=None
    ),
    "a publication": lambda w: publish_article(
        article=ArticleFactory(draft=True, section=w.article.section), by=None
    ),
    "a next part": lambda w: ArticleFactory(series=w.article.series, series_part=3),
    "a scheduled report on its time": schedule_past,
    "a picture's words": lambda w: save(w.image, alt="A ship"),
    "a byline": lambda w: w.article.bylines.create(author=AuthorFactory(name="Zoe")),
    "no byline": lambda w: w.article.bylines.all().delete(),
    "a subject": lambda w: w.article.tags.add(TagFactory()),
    "a related report": lambda w: w.article.related.add(ArticleFactory()),
    "a related report's headline": lambda w: Article.objects.filter(pk=w.related.pk).update(
        headline="Related, too"
    ),
    "a related report withdrawn": lambda w: withdraw_article(
        article=w.related, by=None, notice="Wrong."
    ),
    "the lead moved": lambda w: move_slot(article=w.article, by=w.moderator, place="top", index=0),
    "another lead": lambda w: place_article(article=w.other, by=w.moderator, place="lead"),
    "no lead": lambda w: take_off(article=w.other, by=w.moderator),
    "a section's name": lambda _w: Section.objects.update(name="Harbour"),
    "a series' name": lambda _w: Series.objects.update(name="The Long Read"),
    "a subject's name": lambda _w: Tag.objects.update(name="Ferries"),
    "an author's name": lambda w: save(w.author, name="Ann Author"),
    "a standing page": lambda w: save(w.page, body="<p>We are.</p>"),
    "another standing page": lambda _w: Page.objects.create(title="Rules", slug="rules"),
    # The site
    "the publication's name": lambda _w: Publication.objects.update(name="The Meridian Ledger"),
    "a menu": lambda _w: MenuItem.objects.create(label="News", url="/", menu="header"),
    "a gift": lambda _w: GiftFactory(),
    "a gift on the wall": wall,
    "a gift taken back": lambda w: refund_gift(gift=Gift.objects.all()[0], by=w.moderator),
    "a goal": lambda _w: Campaign.objects.update(goal_minor=100_000),
    "a way to give": lambda _w: DonationMethod.objects.create(
        kind="paypal", label="Pay", url="https://pay.example.org/"
    ),
    "a support text": lambda _w: SupportText.objects.create(placement="above", heading="Help us"),
    # Last, for then the rest is gone.
    "a report withdrawn": lambda w: withdraw_article(article=w.article, by=None, notice="Wrong."),
    "a report deleted": lambda w: w.next_part.delete(),
}


@pytest.mark.slow
def test_no_write_leaves_an_older_page(site: Kept) -> None:
    """Every kind of page after every kind of write is what it would be without a cache."""
    made = world()
    addresses = list(made.addresses.values())
    addresses += [
        f"{made.addresses['comments:discussion']}?filter=inline",
        f"{made.addresses['comments:discussion']}?sort=top",
        made.reply.get_absolute_url(), made.next_part.get_absolute_url(),
        made.other.get_absolute_url(), made.related.get_absolute_url(), "/pages/rules/",
        f"{made.other.get_absolute_url()}comments/", "/corrections/?kind=update",
    ]  # fmt: skip
    before = site.pages(addresses)
    assert len(site.entries()) == len([p for p in before.values() if p.status_code == 200])
    wrong, idle = [], []
    for name, write in WRITES.items():
        for row in (made.article, made.root, made.held, made.reply, made.writer, made.page):
            if type(row).objects.filter(pk=row.pk).exists():
                row.refresh_from_db()
        write(made)
        site.cache.listener.catch_up()
        fresh = {address: site.fresh.get(address) for address in addresses}
        kept = site.pages(addresses)
        wrong += [
            f"after {name}: {address}"
            for address in addresses
            if shown(kept[address]) != shown(fresh[address])
        ]
        if all(shown(fresh[address]) == shown(before[address]) for address in addresses):
            idle.append(name)
        before = fresh
    assert not wrong, "Older pages are served.\n" + "\n".join(wrong)
    assert not idle, f"These changed nothing that readers see, so they prove nothing: {idle}"


@pytest.mark.parametrize(
    ("write", "lost"),
    [
        ("a comment", {"discussion", "transparency"}),
        ("a gift", {"meter"}),
        ("a standing page", {"page", "map"}),
        ("a correction", {"discussion", "other's lists", "corrections", "changes", "map"}),
    ],
)
def test_write_leaves_what_does_not_show_it(site: Kept, write: str, lost: set[str]) -> None:
    w = world()
    talk = w.addresses["comments:discussion"]
    examples = {
        "discussion": talk,
        "other discussion": f"{w.other.get_absolute_url()}comments/news/",
        "other's lists": "/feed/",
        "transparency": "/transparency/",
        "meter": "/saved/",
        "page": w.addresses["articles:page"],
        "map": "/sitemap-pages.xml",
        "corrections": "/corrections/",
        "changes": w.addresses["articles:changes"],
    }
    # What stands on every page with a meter goes with a gift; look at one that has nothing else.
    with_meter = {"discussion", "transparency", "page", "corrections", "changes"}
    site.pages(list(examples.values()))
    assert site.are_kept() >= set(examples.values())
    WRITES[write](w)
    site.cache.listener.catch_up()
    gone = {name for name, address in examples.items() if address not in site.are_kept()}
    assert gone == lost | (with_meter if write == "a gift" else set())


def test_drafts_and_what_is_not_public_leave_everything(site: Kept) -> None:
    w = world()
    draft = ArticleFactory(draft=True)
    site.pages(list(w.addresses.values()))
    kept = site.are_kept()
    save(draft, headline="Still a draft")
    draft.tags.add(w.tag)
    draft.bylines.create(author=w.author)
    save(w.writer, email="elsewhere@example.org", last_login=timezone.now())
    Comment.objects.filter(pk=w.root.pk).update(spam_score=0.5, key=uuid.uuid4())
    with transaction.atomic():
        save(w.article, headline="Never committed")
        transaction.set_rollback(True)
    site.cache.listener.catch_up()
    assert site.are_kept() == kept


def test_votes_make_another_page_once_a_second_at_most(site: Kept) -> None:
    w = world()
    address = w.addresses["comments:discussion"]
    page = site.kept.get(address)
    [entry] = site.cache.store.entries.values()
    made_at = entry.made_at
    for _ in range(5):
        cast_vote(comment=w.root, value=1, guest_id=uuid.uuid4())
    site.cache.listener.catch_up()
    assert entry.fresh_until == made_at + SOFT_SECONDS
    entry.fresh_until = 0.0  # the second is over
    again = site.kept.get(address)
    assert again.content != page.content
    [entry] = site.cache.store.entries.values()
    assert entry.fresh_until > entry.made_at + SOFT_SECONDS  # and until the next vote it stays


def test_what_the_clock_changes_is_not_kept_beyond_it(site: Kept) -> None:
    w = world()
    soon = timezone.now() + datetime.timedelta(minutes=5)
    Article.objects.filter(pk=w.next_part.pk).update(status="scheduled", published_at=soon)
    site.cache.listener.catch_up()
    site.pages(list(w.addresses.values()))

    def ends(name: str) -> float:
        key = ("http://testserver", w.addresses[name], "", "")
        entry = site.cache.store.entries[key]
        return entry.fresh_until - entry.made_at

    in_minutes = ["articles:front", "articles:detail", "articles:section", "articles:feed"]
    in_minutes += ["articles:corrections", "articles:sitemap_section", "articles:archive"]
    for name in in_minutes:
        assert ends(name) <= 300, name
    assert ends("articles:page") > 300 or timezone.localtime().hour == 23
    Article.objects.filter(pk=w.next_part.pk).update(published_at=timezone.now())
    left = datetime.timedelta(minutes=4)
    Discussion.objects.filter(pk=w.discussion.pk).update(closes_after=1)
    Article.objects.filter(pk=w.article.pk).update(
        published_at=timezone.now() - datetime.timedelta(days=1) + left
    )
    site.cache.listener.catch_up()
    site.pages(list(w.addresses.values()))
    for name in ("articles:detail", "comments:discussion", "comments:permalink"):
        assert ends(name) <= left.total_seconds(), name
