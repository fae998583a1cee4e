"""What an export's comments say, as we keep it: made without models, by a process without apps."""

from typing import NamedTuple

from articles.wordpress.values import shortened
from articles.wordpress.wxr import Item, WxrComment
from comments.markup import render
from comments.wordpress_text import markdown_of

# Notes that shops and mail plugins keep among the comments; no reader ever saw them.
INTERNAL = {"order_note", "action_log", "webhook_delivery", "feedback"}
BODY_LENGTH = 100_000


class Body(NamedTuple):
    """What a comment says, in Markdown and in HTML; is_cut: whether it was too long."""

    text: str
    html: str
    is_cut: bool


def read_comments(item: Item) -> None:
    """Make the bodies of an item's comments ready, for whoever imports them."""
    for comment in item.comments:
        if comment["type"].strip() not in INTERNAL:
            comment.made = _made(comment)


def body_of(comment: WxrComment) -> Body:
    """Return what a comment says, which may have been made ready."""
    made: Body | None = comment.made
    return made or _made(comment)


def _made(comment: WxrComment) -> Body:
    text = markdown_of(comment["content"])
    if comment["type"].strip() in {"pingback", "trackback"}:
        url = comment["author_url"].strip()
        if url.startswith(("http://", "https://")) and not any(sign in url for sign in " <>"):
            text = f"{text}\n\n<{url}>".strip()
    is_cut = len(text) > BODY_LENGTH
    text = shortened(text, BODY_LENGTH)
    return Body(text, render(text), is_cut)
