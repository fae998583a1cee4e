"""Which tables stand on the pages that are kept, and what a change of theirs makes untrue.

A new table that public pages read belongs in here: as ``Watched``, with the tags of the pages that
show its rows, or in ``UNWATCHED`` with the reason why no page becomes untrue by it. ``migrate``
makes the triggers. The tags are those that views name (``cached_page``, ``shows``).
"""

from pagecache.triggers import Watched

# What stands on most pages, or changes so rarely that all of them may go.
ALL = "VALUES ('*')"
# A new one stands nowhere yet; listed is what of its kind there is.
ALL_BUT_NEW = "SELECT CASE TG_OP WHEN 'INSERT' THEN 'articles' ELSE '*' END"
# Of a report that readers see or saw; drafts stand nowhere.
PUBLIC = "('published', 'scheduled', 'withdrawn')"


def _of_article(column: str) -> str:
    """Return the tags of a row that belongs to a report: its page, and the lists it stands in."""
    return f"""
        SELECT unnest(ARRAY['article:' || a.id, 'articles'])
        FROM {{schema}}.articles_article a WHERE a.id = r.{column} AND a.status IN {PUBLIC}"""


WATCHED = [
    Watched("articles_publication", ALL),
    Watched("articles_menuitem", ALL),
    Watched("articles_section", ALL_BUT_NEW),
    Watched("articles_series", ALL_BUT_NEW),
    Watched("articles_tag", ALL_BUT_NEW),
    Watched("articles_author", ALL_BUT_NEW),
    Watched("articles_page", "VALUES ('pages')"),
    Watched(
        "articles_article",
        f"""
        SELECT unnest(ARRAY['article:' || r.id, 'articles', 'series:' || r.series_id])
        WHERE r.status IN {PUBLIC}
        UNION ALL SELECT 'article:' || l.from_article_id
        FROM {{schema}}.articles_article_related l
        WHERE l.to_article_id = r.id AND r.status IN {PUBLIC}""",
    ),
    Watched("articles_byline", _of_article("article_id")),
    Watched("articles_article_tags", _of_article("article_id")),
    Watched("articles_article_related", "VALUES ('article:' || r.from_article_id)"),
    Watched("articles_correction", "VALUES ('article:' || r.article_id), ('corrections')"),
    Watched("articles_revision", "VALUES ('article:' || r.id)", key="history_id"),
    Watched("articles_revisionbyline", "VALUES ('article:' || r.article_id)", key="m2m_history_id"),
    Watched("articles_frontslot", "VALUES ('front')"),
    Watched(
        "articles_image",
        f"""
        SELECT unnest(ARRAY['article:' || a.id, 'articles'])
        FROM {{schema}}.articles_article a
        WHERE TG_OP <> 'INSERT' AND a.lead_image_id = r.id AND a.status IN {PUBLIC}""",
    ),
    Watched(
        "comments_discussion",
        """
        SELECT 'discussion:' || r.id
        UNION ALL SELECT 'article:' || r.article_id WHERE TG_OP <> 'UPDATE'""",
    ),
    Watched("comments_passage", "VALUES ('discussion:' || r.discussion_id)"),
    Watched(
        "comments_comment",
        # What nobody sees yet or any more changes no page, unless it stands above replies.
        """
        SELECT 'discussion:' || r.discussion_id
        WHERE r.status = 'approved' OR (TG_OP <> 'INSERT' AND EXISTS (
            SELECT FROM {schema}.comments_comment c WHERE c.parent_id = r.id))
        UNION ALL SELECT 'transparency' WHERE TG_OP <> 'UPDATE'""",
        unseen=("key", "network", "spam_score", "text_digest", "guest_email", "guest_digest"),
        # A guest's picture is drawn from the address; its hash in its place gives the same one.
        seen="""(o.guest_email, o.guest_digest) <> (n.guest_email, n.guest_digest) AND NOT (
            o.guest_email <> '' AND o.guest_digest = ''
            AND n.guest_email = '' AND n.guest_digest <> '')""",
        soft=("upvotes", "downvotes", "score", "best", "ranked_by"),
    ),
    Watched("comments_moderationevent", "VALUES ('transparency')"),
    Watched("comments_report", "VALUES ('transparency')"),
    Watched(
        "accounts_user",
        """
        SELECT 'discussion:' || c.discussion_id
        FROM {schema}.comments_comment c WHERE TG_OP <> 'INSERT' AND c.user_id = r.id""",
        unseen=("password", "last_login", "email", "date_joined", "is_superuser", "is_active"),
    ),
    Watched("donations_campaign", "VALUES ('giving')"),
    Watched("donations_donationmethod", "VALUES ('giving')"),
    Watched("donations_supporttext", "VALUES ('giving')"),
    Watched("donations_gift", "VALUES ('giving')"),
    Watched("donations_entry", "VALUES ('giving')"),
    Watched("donations_milestone", "VALUES ('giving')"),
    Watched("donations_formergoal", "VALUES ('giving')"),
    Watched("donations_wallname", "VALUES ('giving')"),
]

# What kept pages read all the same, and why a change of it leaves them true.
UNWATCHED = {
    "comments_pastrank": "it is written together with the comment whose past it keeps",
}
