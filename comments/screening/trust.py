"""Whose record speaks for them."""

from comments.models import Comment


def is_trusted(comment: Comment) -> bool:
    """Tell whether the writer of a comment, which need not be saved, was approved before."""
    known = Comment.objects.approved().written_by(comment.user, comment.guest_id)
    if comment.user is None:
        # Both: anybody can type another's address, and a browser may be shared.
        known = known.from_address(comment.guest_email)
    return known.exists()
