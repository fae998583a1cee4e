"""The counts that are kept beside comments, and their recomputation."""

from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from comments.models import Comment, Discussion, Passage, PastRank, Vote
from comments.ranking import KEPT, CurrentTransaction, keep_rank


@transaction.atomic(savepoint=False)
def count_approval(comment: Comment, change: int) -> None:
    """Add change (+1 or -1) where an approved comment counts. Call it in its transaction."""
    Discussion.objects.filter(pk=comment.discussion_id).update(
        comment_count=F("comment_count") + change
    )
    if comment.passage_id:
        Passage.objects.filter(pk=comment.passage_id).update(
            comment_count=F("comment_count") + change
        )
    if comment.root_id:
        root = Comment.objects.select_for_update(no_key=True).get(pk=comment.root_id)
        keep_rank(root)
        Comment.objects.filter(pk=root.pk).update(
            reply_count=F("reply_count") + change, ranked_by=CurrentTransaction()
        )


def count_votes_anew(row: Comment) -> None:
    """Set a comment's votes to what its counted ones are, and its rank with them.

    row: as it is locked.
    """
    counted = Vote.objects.filter(comment=row, is_counted=True).aggregate(
        up=Count("pk", filter=Q(value=1)), down=Count("pk", filter=Q(value=-1))
    )
    if row.parent_id is None:
        keep_rank(row)
    Comment.objects.filter(pk=row.pk).update(
        ranked_by=CurrentTransaction(),
        upvotes=F("imported_upvotes") + counted["up"],
        downvotes=F("imported_downvotes") + counted["down"],
    )


def recount() -> dict[str, int]:
    """Recompute every kept count from the rows; return how many were wrong, by name."""
    statements = {
        "comment_count": """
            UPDATE comments_discussion d SET comment_count = c.n
            FROM (SELECT d.id, count(c.id) AS n FROM comments_discussion d
                  LEFT JOIN comments_comment c ON c.discussion_id = d.id AND c.status = 'approved'
                  GROUP BY d.id) c
            WHERE c.id = d.id AND d.comment_count <> c.n""",
        "reply_count": """
            UPDATE comments_comment r SET reply_count = c.n
            FROM (SELECT r.id, count(c.id) AS n FROM comments_comment r
                  LEFT JOIN comments_comment c ON c.root_id = r.id AND c.status = 'approved'
                  GROUP BY r.id) c
            WHERE c.id = r.id AND r.reply_count <> c.n""",
        "passages": """
            UPDATE comments_passage p SET comment_count = c.n
            FROM (SELECT p.id, count(c.id) AS n FROM comments_passage p
                  LEFT JOIN comments_comment c ON c.passage_id = p.id AND c.status = 'approved'
                  GROUP BY p.id) c
            WHERE c.id = p.id AND p.comment_count <> c.n""",
        "votes": """
            UPDATE comments_comment c SET upvotes = v.up, downvotes = v.down
            FROM (SELECT c.id, c.imported_upvotes + count(*) FILTER (WHERE v.value = 1) AS up,
                         c.imported_downvotes + count(*) FILTER (WHERE v.value = -1) AS down
                  FROM comments_comment c
                  LEFT JOIN comments_vote v ON v.comment_id = c.id AND v.is_counted
                  GROUP BY c.id) v
            WHERE v.id = c.id AND (c.upvotes, c.downvotes) <> (v.up, v.down)""",
        # Numbers of another server's transactions, that came with a copy of its data.
        "ranks": """
            UPDATE comments_comment SET ranked_by = 0
            WHERE ranked_by > GREATEST(
                pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id()
            )::text::bigint""",
    }
    drift = {}
    with connection.cursor() as cursor:
        # Of rows just written in bulk the planner knows nothing, and may compare each with each.
        cursor.execute("ANALYZE comments_discussion, comments_comment, comments_vote")
        for name, statement in statements.items():
            cursor.execute(statement)
            drift[name] = cursor.rowcount
    PastRank.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return drift
