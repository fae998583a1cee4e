"""People of a thread whom a comment calls by name: @Petra."""

from comments.models import Comment

# A name is looked for among what was said last in the thread, however long it is.
LATEST = 1_000


def people_in_reach(body: str, root_id: int | None) -> dict[str, str]:
    """Return the addresses of what they said last, by name, of those who may be mentioned.

    Those who wrote in the thread, and whose name stands after an @ in the text. root_id: the
    comment that opened the thread; None for a new one, in which there is nobody yet.
    """
    return {c.author_name: c.get_absolute_url() for c in _mentioned(body, root_id)}


def people_mentioned(comment: Comment) -> list[Comment]:
    """Return what those said last whom the comment mentions; each has their account or address."""
    return _mentioned(comment.body, comment.root_id, besides=comment.pk)


def _mentioned(body: str, root_id: int | None, besides: int | None = None) -> list[Comment]:
    if root_id is None or "@" not in body:
        return []
    said = body.casefold()
    thread = Comment.objects.approved().filter(root_id=root_id)
    if besides is not None:
        thread = thread.exclude(pk=besides)
    rows = [
        *thread.select_related("user").order_by("-created_at", "-pk")[:LATEST],
        *Comment.objects.approved().filter(pk__in=[root_id]).select_related("user"),
    ]
    found: dict[tuple[int | None, str], Comment] = {}
    for row in rows:
        name = row.author_name.casefold()
        if f"@{name}" in said:
            # Of two guests of one name, both were perhaps meant.
            found.setdefault((row.user_id, row.address_digest), row)
    return list(found.values())
