"""Posts of an export, saved as articles: many at a time, each once however often it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, reset_queries

from articles.export.kinds import ARTICLE
from articles.models import Article, Byline, ImportedItem, Kind
from articles.wordpress.addresses import Addresses
from articles.wordpress.body import body_of
from articles.wordpress.items import HEADLINE_LENGTH, Items, key_of
from articles.wordpress.own import OwnSite, save_as_told
from articles.wordpress.records import Records
from articles.wordpress.report import Report
from articles.wordpress.values import Slugs, plain_text, slug_of
from articles.wordpress.wxr import Item

# A batch is written when it has this many posts or characters, whichever comes first.
BATCH_POSTS, BATCH_CHARACTERS = 300, 3_000_000

# Is given the articles of a batch, each with the item it came from.
type TakeComments = Callable[[list[tuple[Article, Item]], Records, Report], None]


@dataclass
class Post:
    """An article that is to be saved, with what is saved after it."""

    item: Item
    article: Article
    tags: list[int] = field(default_factory=list)
    bylines: list[tuple[int, int]] = field(default_factory=list)  # authors and their positions


class Posts:
    """Saves posts, and anything else that was discussed, as articles."""

    def __init__(
        self, items: Items, own: OwnSite, addresses: Addresses, take_comments: TakeComments
    ) -> None:
        self.items, self.own, self.addresses = items, own, addresses
        self.take_comments = take_comments
        self.records, self.report = items.records, items.report
        self.articles: dict[str, int] = {}  # our articles by WordPress's id
        self._slugs = Slugs(Article.objects.values_list("slug", flat=True))
        self._new: list[Post] = []
        self._known: list[tuple[int, Item]] = []
        self._size = 0
        self._analysed = BATCH_POSTS // 2  # so that the first analysis follows the first batch

    def add(self, item: Item) -> None:
        """Take a post; it is saved with its batch."""
        pk = self.records.find("post", key_of(item))
        if pk is not None:
            self._known.append((pk, item))
        else:
            post = self._own(item) if "_newsroom_article" in item.meta else self._post(item)
            if post is None:
                self.report.skip("post", "cannot be read")
                return
            self._new.append(post)
        self._size += item.size
        if len(self._new) + len(self._known) >= BATCH_POSTS or self._size >= BATCH_CHARACTERS:
            self.save()

    def save(self) -> None:
        """Save the batch. Articles that are there stay as they are, and get their new comments."""
        if not self._new and not self._known:
            return
        there = [*self._new_articles(), *self._known_articles()]
        for article, item in there:
            self.articles.setdefault(item.id, article.pk)
            self.addresses.note(item, article)
        self.take_comments(there, self.records, self.report)
        self._new, self._known, self._size = [], [], 0
        self.addresses.save()
        self._inform_planner()
        reset_queries()  # in debug mode Django keeps the last thousands of them, texts and all

    def _inform_planner(self) -> None:
        """Have the tables' statistics taken anew whenever the articles have doubled.

        Until the import is committed nobody else does. What an import that was killed left behind
        makes full tables look empty, and then each of a batch is compared with every row.
        """
        if len(self.articles) >= self._analysed * 2:
            self._analysed = len(self.articles)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def _known_articles(self) -> list[tuple[Article, Item]]:
        if not self._known:
            return []
        rows = Article.objects.only("slug", "published_at")
        found = rows.in_bulk([pk for pk, _item in self._known])
        self.report.present["articles"] += len(found)
        gone = len(self._known) - len(found)
        if gone:
            self.report.skipped["post", "was removed here since the last import"] += gone
        return [(found[pk], item) for pk, item in self._known if pk in found]

    def _new_articles(self) -> list[tuple[Article, Item]]:
        posts = self._new
        save_as_told(ARTICLE, [post.article for post in posts])
        Byline.objects.bulk_create(
            Byline(article=post.article, author_id=author, position=position)
            for post in posts
            for author, position in post.bylines
        )
        filed = Article.tags.through
        filed.objects.bulk_create(
            filed(article=post.article, tag_id=tag) for post in posts for tag in post.tags
        )
        Article.objects.filter(pk__in=[post.article.pk for post in posts]).index_for_search()
        self.records.remember_all(
            ImportedItem(
                kind="post", external_id=key_of(post.item), object_id=post.article.pk,
                old_url=post.item["link"],
            )
            for post in posts
        )  # fmt: skip
        if posts:
            self.report.imported["articles"] += len(posts)
        for post in posts:
            if "_newsroom_article" in post.item.meta:
                self.own.saved_article(post.item, post.article)
        return [(post.article, post.item) for post in posts]

    def _post(self, item: Item) -> Post:
        """Return the article that an item becomes."""
        items, taxonomy = self.items, self.items.taxonomy
        status, published_at = items.status_of(item)
        section = taxonomy.section_of(item)
        headline = plain_text(item["title"])
        slug = slug_of(item["wp:post_name"], headline) or f"post-{slug_of(item.id) or 'x'}"
        body = items.body_of(item)
        if item.type == "attachment":
            url = items.library.register(item).url
            body = body_of(f'<figure><img src="{url}"></figure>', items.library, item.id)
        article = Article(
            headline=items.cut(headline, HEADLINE_LENGTH),
            slug=self._slugs.free(slug),
            lede=plain_text(item["excerpt:encoded"]) if item.type != "attachment" else "",
            body=body,
            kind=_kind(item),
            language=items.language_of(headline + body),
            section=section,
            status=status,
            published_at=published_at,
            lead_image_id=items.lead_image_of(item),
        )
        if item["wp:is_sticky"].strip() == "1":
            self.report.note("Sticky posts; choose them for the front page yourself", item.label)
        author = taxonomy.author(item["dc:creator"])
        tags = [tag.pk for tag in taxonomy.tags_of(item, section)]
        return Post(item, article, tags, [(author.pk, 0)] if author else [])

    def _own(self, item: Item) -> Post | None:
        """Return an article that a site like this one exported."""
        article = self.own.article(item, self._slugs)
        return None if article is None else Post(item, article, *self.own.filed(item))


def _kind(item: Item) -> Kind:
    formats = {term.slug for term in item.terms_of("post_format")}
    return Kind.VIDEO if "post-format-video" in formats else Kind.REPORT
