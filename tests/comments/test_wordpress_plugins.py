"""What comment plugins leave in an export."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.wordpress.report import Report
from articles.wordpress.wxr import WxrComment
from comments.counts import recount
from comments.models import Comment, Discussion, Subscription
from comments.wordpress_plugins import extras_of

pytestmark = pytest.mark.django_db
OLD_SITE = Path(__file__).resolve().parent.parent / "data" / "old_site.xml"


def meta(**values: str) -> WxrComment:
    return WxrComment({"wp:comment_id": "7"}, values)


def votes(**values: str) -> tuple[int, int]:
    extras = extras_of(meta(**values), [], Report())
    return extras.upvotes, extras.downvotes


@pytest.mark.parametrize(
    ("net", "apart", "expected"),
    [
        ("3", 'a:2:{s:4:"like";i:5;s:7:"dislike";i:2;}', (5, 2)),
        ("3", 'a:2:{s:7:"dislike";i:-2;s:4:"like";s:1:"5";}', (5, 2)),
        ("-4", "", (0, 4)),
        ("4", "", (4, 0)),
        ("4", 'a:2:{s:4:"like";i:5;s:4:"like";i:2;}', (4, 0)),
        ("4", 'O:8:"stdClass":0:{}', (4, 0)),
        ("4; DROP", "a:9999999999:{", (0, 0)),
        ("9" * 400, "", (0, 0)),
    ],
)
def test_votes_are_read_in_the_forms_the_plugin_had(
    net: str, apart: str, expected: tuple[int, int]
) -> None:
    assert votes(wpdiscuz_votes=net, wpdiscuz_votes_seperate=apart) == expected


def test_what_cannot_be_used_is_reported() -> None:
    report = Report()

    extras_of(
        meta(wpdiscuz_votes="many", wpdiscuz_feedback_form_id="2", wpdiscuz_rating="5"),
        ["one", "two"],
        report,
    )

    told = "\n".join(report.lines())
    for word in ("Votes that cannot be read", "Inline feedback", "wpdiscuz_rating"):
        assert word in told


def export(tmp_path: Path, *, comment: str = "", post: str = "", body: str = "") -> Path:
    """Return the old site's export with meta of the comment 2 and of its post."""
    text = OLD_SITE.read_text()
    at = text.index("<wp:comment_id>2</wp:comment_id>")
    text = f"{text[:at]}{comment}{text[at:]}"
    text = text.replace("<wp:comment>", f"{post}<wp:comment>", 1)
    path = tmp_path / "export.xml"
    path.write_text(text.replace("First line.", f"First line. {body}", 1))
    return path


def pair(kind: str, key: str, value: str) -> str:
    return (
        f"<wp:{kind}><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:{kind}>"
    )


def run(path: Path) -> str:
    out = StringIO()
    call_command("import_wordpress", str(path), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_votes_closing_and_passage_arrive_and_a_recount_keeps_them(tmp_path: Path) -> None:
    run(
        export(
            tmp_path,
            comment=pair("commentmeta", "wpdiscuz_votes", "-1")
            + pair(
                "commentmeta", "wpdiscuz_votes_seperate", 'a:2:{s:4:"like";i:1;s:7:"dislike";i:2;}'
            )
            + pair("commentmeta", "wpdiscuz_closed", "1")
            + pair("commentmeta", "wpdiscuz_feedback_form_id", "12"),
            body='[wpdiscuz-feedback id="q" question="?"]The <b>passage</b>[/wpdiscuz-feedback]',
        )
    )

    comment = Comment.objects.get(guest_name="Bo")
    assert (comment.upvotes, comment.downvotes, comment.score) == (1, 2, -1)
    assert comment.is_closed
    assert comment.quote_exact == "The passage"
    assert "The <b>passage</b>" in comment.discussion.article.body
    assert recount()["votes"] == 0
    comment.refresh_from_db()
    assert (comment.upvotes, comment.downvotes) == (1, 2)


def test_subscriptions_arrive_once_and_confirmed_only_when_they_were(tmp_path: Path) -> None:
    path = export(
        tmp_path,
        comment=pair("commentmeta", "cren_subscribe_to_comment", "on"),
        post=pair("postmeta", "_stcr@_Ann@Example.org", "2020-02-03 04:05:06|Y")
        + pair("postmeta", "_stcr@_bea@example.org", "2020-02-03 04:05:06|RC")
        + pair("postmeta", "_stcr@_cid@example.org", "2020-02-03 04:05:06|C")
        + pair("postmeta", "_stcr@_nobody", "2020-02-03 04:05:06|Y"),
    )
    report = run(path)

    rows = {row.email: row for row in Subscription.objects.all()}
    assert set(rows) == {"ann@example.org", "bea@example.org", "bo@example.org"}
    ann, bea, bo = (rows[f"{name}@example.org"] for name in ("ann", "bea", "bo"))
    assert ann.confirmed_at == datetime.datetime(2020, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
    assert (ann.kind, bea.kind) == (Subscription.Kind.ALL, Subscription.Kind.REPLIES)
    assert bea.confirmed_at is None
    assert (bo.kind, bo.confirmed_at) == (Subscription.Kind.REPLIES, None)
    assert bo.comment == Comment.objects.get(guest_name="Bo")
    assert "suspended" in report

    run(path)

    assert Subscription.objects.count() == 3
    assert Discussion.objects.get(article__slug="drought").subscriptions.count() == 3
