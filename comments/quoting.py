"""A comment as the quote that an answer begins with."""

from comments.models import Comment

MAX_QUOTED = 500  # characters


def quoted(comment: Comment) -> str:
    """Return the comment's own words as a Markdown quote, without what it quotes itself."""
    own = [line for line in comment.body.splitlines() if not line.lstrip().startswith(">")]
    text = "\n".join(own).strip()
    if len(text) > MAX_QUOTED:
        text = text[:MAX_QUOTED].rsplit(" ", 1)[0] + " …"
    return "".join(f"> {line}\n" for line in text.splitlines()) + "\n" if text else ""
