"""Who may do what on the desk: every role, every address, every action."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.corrections import issue_correction
from articles.models import Article, MenuItem, Page, Publication, Status
from articles.previews import create_preview_link
from articles.revisions import keep_revision
from articles.tasks import learn_words_of
from comments.log import record
from comments.models import Ban, Letter, Rule, Subscription
from donations.donors.wall import ask_for_wall
from donations.models import Receipt, RefusedDelivery, Statement, SupportText, WebhookEvent
from newsroom.models import RetentionRun
from tests.accounts.factories import UserFactory
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    ImageFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.donations.factories import CampaignFactory, GiftFactory, MethodFactory, RateFactory
from tests.newsroom.roles import NAMES, is_answered, log_in, writes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STAFF = "NAEMCS"

# What each may do with the rows of a model: see, add, change, delete.
MODELS = {
    "accounts.user": ("CS", "CS", "CS", "S"),
    "account.emailaddress": ("S", "S", "S", "S"),
    "articles.article": ("AEMCS", "AECS", "ECS", ""),  # one that readers see
    "articles.author": ("AECS", "ECS", "ECS", "CS"),
    "articles.correction": ("ECS", "ECS", "", ""),
    "articles.image": ("AECS", "AECS", "AECS", "ECS"),
    "articles.menuitem": ("CS", "CS", "CS", "CS"),
    "articles.page": ("ECS", "ECS", "ECS", "CS"),
    "articles.publication": ("CS", "", "CS", ""),
    "articles.section": ("AECS", "CS", "CS", "CS"),
    "articles.series": ("AECS", "ECS", "ECS", "ECS"),
    "articles.tag": ("AECS", "AECS", "ECS", "ECS"),
    "auth.group": ("S", "S", "S", "S"),
    "comments.comment": ("EMCS", "", "", ""),
    "comments.ban": ("MCS", "", "", ""),
    "comments.letter": ("MCS", "", "", ""),
    "comments.moderationevent": ("MCS", "", "", ""),
    "comments.rule": ("MCS", "MCS", "MCS", "MCS"),
    "django_tasks_database.dbtaskresult": ("S", "", "", ""),
    "newsroom.retentionrun": ("MCS", "", "", ""),
    "donations.campaign": ("CS", "CS", "CS", "CS"),
    "donations.donationmethod": ("CS", "CS", "CS", "CS"),
    "donations.exchangerate": ("CS", "CS", "CS", "CS"),
    "donations.gift": ("CS", "CS", "CS", ""),
    "donations.receipt": ("CS", "", "CS", ""),
    "donations.statement": ("CS", "CS", "CS", "CS"),
    "donations.refuseddelivery": ("CS", "", "", ""),
    "donations.webhookevent": ("CS", "", "", ""),
    "donations.supporttext": ("CS", "CS", "CS", "CS"),
    "donations.wallname": ("CS", "", "CS", "CS"),
}
# The other addresses: who is answered, by GET and by POST ("" where the method is none of theirs).
PAGES = {
    "admin:index": (STAFF, STAFF),
    "admin:login": (STAFF, STAFF),  # others are led to the site's own log-in
    "admin:password_change": (STAFF, STAFF),
    "admin:password_change_done": (STAFF, ""),
    "admin:search": (STAFF, STAFF),
    "admin:jsi18n": (STAFF, ""),
    "admin:autocomplete": ("AECS", ""),
    "admin:view_on_site": (STAFF, STAFF),
    "admin:app_list": ("AEMCS", "AEMCS"),
    "admin:auth_user_password_change": ("CS", "CS"),
    "admin:articles_frontslot_changelist": ("ECS", "ECS"),
    "admin:donations_gift_overview": ("CS", "CS"),
    "admin:donations_gift_csv": ("CS", "CS"),
    "admin:donations_gift_reconciliation": ("CS", "CS"),
    "admin:articles_image_choice": ("AECS", ""),
    "admin:articles_article_autosave_new": ("", "AECS"),
    "admin:articles_article_autosave": ("", "ECS"),
    "admin:articles_article_open": ("", "ECS"),
    "admin:articles_article_take_over": ("", "ECS"),
    "admin:articles_article_close": ("", "ECS"),
    "admin:articles_article_preview": ("ECS", "ECS"),
    "admin:articles_article_previews": ("ECS", "ECS"),
    "admin:articles_article_revoke_preview": ("", "ECS"),
    "admin:articles_article_compare": ("ECS", "ECS"),
    "admin:articles_article_restore": ("", "ECS"),
    "admin:articles_article_step": ("ECS", "ECS"),
    "admin:comments_letter_outbox": ("MCS", ""),
    "admin:comments_letter_message": ("MCS", ""),
    "moderation:desk": ("MCS", ""),
    "moderation:decide": ("", "MCS"),
    "moderation:undo": ("", "MCS"),
    "moderation:news": ("MCS", ""),
    "moderation:take": ("", "MCS"),
    "moderation:spam": ("MCS", ""),
    "moderation:trial": ("MCS", "MCS"),
    "moderation:case": ("MCS", ""),
    "admin:logout": ("-R", "-RNAEMCS"),
}


def world() -> dict[str, Any]:
    """Fill the site with a row of every model; return what addresses are made of."""
    chief = UserFactory(role="Chief")
    draft = ArticleFactory(draft=True, headline="Somebody's draft", created_by=chief)
    review = ArticleFactory(
        status=Status.IN_REVIEW, published_at=None, headline="In review", created_by=chief
    )
    keep_revision(article=draft, by=chief, reason="Written")
    link = create_preview_link(article=draft, by=chief, lasts=datetime.timedelta(days=1))
    seen = ArticleFactory(headline="Seen")
    Publication.objects.get_or_create(pk=1)
    learn_words_of.enqueue(seen.pk)
    return {
        "articles.article": seen, "draft": draft, "in review": review, "link": link,
        "articles.correction": issue_correction(article=seen, kind="update", text="New.", by=None),
        "articles.author": AuthorFactory(), "articles.image": ImageFactory(),
        "articles.menuitem": MenuItem.objects.create(menu="header", label="News", url="/"),
        "articles.page": Page.objects.create(slug="about", title="About", body="<p>We.</p>"),
        "articles.publication": Publication.current(), "articles.section": SectionFactory(),
        "articles.series": SeriesFactory(), "articles.tag": TagFactory(),
        "auth.group": Group.objects.create(name="Guests of honour"),
        "accounts.user": UserFactory(),
        "account.emailaddress": EmailAddress.objects.create(user=chief, email="a@example.org"),
        "comments.comment": CommentFactory(), "comments.letter": letter(),
        "comments.ban": Ban.objects.create(kind="email", digest="0" * 64),
        "comments.moderationevent": record(action="approved"),
        "comments.rule": Rule.objects.create(name="Links", kind="links", number=2),
        "newsroom.retentionrun": RetentionRun.objects.create(),
        "django_tasks_database.dbtaskresult": DBTaskResult.objects.get(),
        "donations.campaign": CampaignFactory(), "donations.donationmethod": MethodFactory(),
        "donations.exchangerate": RateFactory(), "donations.gift": GiftFactory(),
        "donations.refuseddelivery": RefusedDelivery.objects.create(
            provider="stripe", reason="age", day="2026-01-01"
        ),
        "donations.webhookevent": WebhookEvent.objects.create(provider="stripe", event_id="e"),
        "donations.supporttext": SupportText.objects.create(),
        "donations.statement": Statement.objects.create(kind="stripe", imported_at=timezone.now()),
        "donations.receipt": Receipt.objects.create(gift=GiftFactory()),
        "donations.wallname": ask_for_wall(gift=GiftFactory(), name="Halvard"),
    }  # fmt: skip


def letter() -> Letter:
    subscription = Subscription.objects.create(
        discussion=DiscussionFactory(), email="reader@example.org"
    )
    return Letter.objects.create(
        kind="confirmation", discussion=subscription.discussion, subscription=subscription,
        address="reader@example.org", is_given_up=True,
    )  # fmt: skip


def addresses() -> Iterator[str]:
    """Return the names of all addresses of the admin."""

    def walk(resolver: URLResolver) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield pattern.name

    for part in get_resolver().url_patterns:
        if isinstance(part, URLResolver) and part.namespace in {"admin", "moderation"}:
            yield from (f"{part.namespace}:{name}" for name in walk(part))


def names_of(label: str) -> dict[str, str]:
    base = "admin:" + label.replace(".", "_")
    return {kind: f"{base}_{kind}" for kind in ("changelist", "add", "change", "history", "delete")}


def test_every_address_is_in_the_matrix() -> None:
    """A new address has to be written into it."""
    told = set(PAGES) | {name for label in MODELS for name in names_of(label).values()}
    assert set(addresses()) == told
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert registered - {"articles.frontslot"} == set(MODELS)


@pytest.mark.parametrize("letter", NAMES)
def test_rows_are_seen_added_changed_and_deleted_by_whom_it_concerns(letter: str) -> None:
    rows, client, wrong = world(), log_in(letter), []
    for label, (see, add, change, delete) in MODELS.items():
        names, number = names_of(label), str(rows[label].pk)
        for method, kind, who, data in (
            ("get", "changelist", see, {}),
            ("get", "add", add, {}),
            ("get", "change", see, {}),
            ("get", "history", see, {}),
            ("get", "delete", delete, {}),
            ("post", "add", add, {}),
            ("post", "change", change, {"name": "x"}),
            ("post", "delete", delete, {"post": "yes"}),
        ):
            arguments = [] if kind in {"changelist", "add"} else [number]
            address = reverse(names[kind], args=arguments)
            if is_answered(client, method, address, data) != (letter in who):
                wrong.append(f"{method} {address}: {'refused' if letter in who else 'answered'}")
    assert not wrong, "\n".join(wrong)


def arguments_of(name: str, rows: dict[str, Any]) -> list[Any]:
    draft = rows["draft"].pk
    special = {
        "admin:app_list": ["articles"],
        "admin:view_on_site": [
            ContentType.objects.get_for_model(Article).pk,
            rows["articles.article"].pk,
        ],
        "admin:auth_user_password_change": [rows["accounts.user"].pk],
        "admin:articles_article_revoke_preview": [draft, rows["link"].pk],
        "admin:articles_article_restore": [draft, rows["draft"].history.first().pk],
        "admin:comments_letter_message": ["sent.log", 0],
        "moderation:take": [rows["comments.comment"].pk],
        "moderation:case": [rows["comments.comment"].pk],
        "admin:articles_article_step": [rows["in review"].pk, "return"],
    }
    if name in special:
        return special[name]
    try:
        reverse(name)
    except NoReverseMatch:
        return [draft]
    return []


@pytest.mark.parametrize("letter", NAMES)
def test_other_pages_answer_whom_they_concern(letter: str, settings: Any, tmp_path: Path) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    (tmp_path / "sent.log").write_text("Subject: Hello\n\nText")
    rows, client, wrong = world(), log_in(letter), []
    for name, (get, post) in PAGES.items():
        address = reverse(name, args=arguments_of(name, rows))
        data = {}
        if name == "admin:autocomplete":
            data = {"app_label": "articles", "model_name": "article", "field_name": "tags"}
        if name == "moderation:trial":
            data = {"body": "A text."}
        for method, who in (("get", get), ("post", post)):
            if is_answered(client, method, address, data) != (letter in who):
                wrong.append(f"{method} {address}: {'refused' if letter in who else 'answered'}")
    assert not wrong, "\n".join(wrong)


OWN = [
    "autosave", "open", "take_over", "close", "preview", "previews", "revoke_preview", "compare",
    "restore",
]  # fmt: skip


def test_authors_have_their_own_drafts_to_themselves() -> None:
    author = UserFactory(role="Author")
    client = Client()
    client.force_login(author)
    draft = ArticleFactory(draft=True, created_by=author)
    keep_revision(article=draft, by=author, reason="Written")
    link = create_preview_link(article=draft, by=author, lasts=datetime.timedelta(days=1))
    more = {"revoke_preview": [link.pk], "restore": [draft.history.first().pk]}
    for kind in OWN:
        name = f"admin:articles_article_{kind}"
        address = reverse(name, args=[draft.pk, *more.get(kind, [])])
        method = "get" if PAGES[name][0] else "post"
        assert is_answered(client, method, address, {}), address
    names = names_of("articles.article")
    assert is_answered(client, "post", reverse(names["change"], args=[draft.pk]), {})
    assert not is_answered(client, "post", reverse(names["delete"], args=[draft.pk]), {"post": "y"})
    Article.objects.filter(pk=draft.pk).update(status=Status.IN_REVIEW)
    step = "admin:articles_article_step"
    assert is_answered(client, "post", reverse(step, args=[draft.pk, "return"]), {})
    assert not is_answered(client, "post", reverse(names["change"], args=[draft.pk]), {})
    assert not is_answered(client, "post", reverse(step, args=[draft.pk, "withdraw"]), {})


# What may be done with many rows at once.
ACTIONS = {
    "articles.article": {
        "submit_selected": "AECS", "return_selected": "AECS", "approve_selected": "ECS",
        "publish_selected": "ECS", "delete_selected": "ECS",
    },
    "articles.author": {"delete_selected": "CS"},
    "articles.image": {"delete_selected": "ECS"},
    "articles.menuitem": {"delete_selected": "CS"},
    "articles.page": {"delete_selected": "CS"},
    "articles.section": {"delete_selected": "CS"},
    "articles.series": {"delete_selected": "ECS"},
    "articles.tag": {"delete_selected": "ECS"},
    "comments.ban": {"lift": "MCS"},
    "comments.comment": dict.fromkeys(
        ("approve", "reject", "spam", "remove", "pin", "unpin", "feature", "unfeature",
         "close_thread", "reopen_thread"),
        "MCS",
    ),
    "comments.letter": {"send_again": "MCS"},
    "comments.rule": {"delete_selected": "MCS"},
    "donations.campaign": {"delete_selected": "CS", "end_selected": "CS"},
    "donations.donationmethod": {"delete_selected": "CS"},
    "donations.exchangerate": {"delete_selected": "CS"},
    "donations.gift": {"confirm": "CS", "refund": "CS", "reverse": "CS"},
    "donations.receipt": {"send_again": "CS"},
    "donations.statement": {"delete_selected": "CS"},
    "donations.supporttext": {"delete_selected": "CS"},
    "donations.wallname": {
        "delete_selected": "CS", "show_selected": "CS", "refuse_selected": "CS",
    },
    "donations.webhookevent": {"process_again": "CS"},
    "accounts.user": {"delete_selected": "S", "take_second_factor": "CS"},
    "account.emailaddress": {"delete_selected": "S", "make_verified": "S"},
    "auth.group": {"delete_selected": "S"},
}  # fmt: skip


@pytest.mark.parametrize("letter", STAFF)
def test_actions_are_offered_and_taken_only_by_whom_they_concern(letter: str) -> None:
    rows, client, wrong = world(), log_in(letter), []
    for label, (see, *_rest) in MODELS.items():
        address = reverse(names_of(label)["changelist"])
        told = {name for name, who in ACTIONS.get(label, {}).items() if letter in who}
        offered = set()
        if letter in see:
            page = client.get(address)  # of what there is once, it leads to that row
            form = page.context["action_form"] if page.context else None
            choices = form.fields["action"].choices if form else []
            offered = {str(value) for value, _label in choices if value}
        if offered != told:
            wrong.append(f"{label}: {sorted(offered)} instead of {sorted(told)}")
        for name in set(ACTIONS.get(label, {})) - told:
            with transaction.atomic():
                before = writes()
                client.post(address, {"action": name, "_selected_action": [rows[label].pk]})
                assert writes() == before, f"{letter} did {name} with {label}"
                transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
