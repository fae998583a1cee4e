"""Discussions and comments in the admin, for moderators."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display

from articles.admin import ArticleAdmin
from comments.models import Comment, CommentStatus, Discussion
from comments.moderation import (
    approve_comment,
    close_thread,
    feature_comment,
    mark_comment_as_spam,
    pin_comment,
    reject_comment,
    remove_comment,
    reopen_thread,
    unfeature_comment,
    unpin_comment,
)


class DiscussionInline(StackedInline):
    """An article's discussion: open or not, and by which policy."""

    model = Discussion
    fields = ["state", "policy", "closes_after"]
    extra = 1
    max_num = 1
    can_delete = False

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return request.user.has_perm("comments.change_discussion")


# Here and not there: an article knows nothing of its discussion.
ArticleAdmin.inlines = [*ArticleAdmin.inlines, DiscussionInline]


STATE_COLOURS = {
    CommentStatus.APPROVED.value: "success", CommentStatus.HELD.value: "warning",
    CommentStatus.REJECTED.value: "danger", CommentStatus.SPAM.value: "danger",
}  # fmt: skip


class StatusFilter(admin.SimpleListFilter):
    """Shows what waits unless another state is asked for."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return [*CommentStatus.choices, ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or CommentStatus.HELD) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, _request: HttpRequest, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        value = self.value() or CommentStatus.HELD
        return comments if value == "all" else comments.filter(status=value)


@admin.register(Comment)
class CommentAdmin(ModelAdmin):
    """The queue: what a reader wrote is judged here, never changed."""

    list_display = ["excerpt", "writer", "article", "answered", "state", "created_at"]
    list_filter = [StatusFilter]
    search_fields = ["body", "guest_name", "user__display_name"]
    list_select_related = ["user", "discussion__article", "parent__user"]
    change_form_outer_after_template = "admin/comments/comment/decide.html"
    ordering = ["-created_at"]
    show_full_result_count = False
    actions = [
        "approve", "reject", "spam", "remove", "pin", "unpin", "feature", "unfeature",
        "close_thread", "reopen_thread",
    ]  # fmt: skip
    fields = [
        "status", "writer", "guest_email", "article", "answered", "quote_exact", "body",
        "created_at", "edited_at", "earlier_texts", "pinned_at", "is_featured", "is_closed", "log",
    ]  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("comment"))
    def excerpt(self, comment: Comment) -> str:
        return Truncator(comment.body).chars(140)

    @display(description=_("status"), label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, comment: Comment) -> tuple[str, str]:
        return comment.status, comment.get_status_display()

    @admin.display(description=_("writer"))
    def writer(self, comment: Comment) -> str:
        return comment.author_name

    @admin.display(description=_("article"))
    def article(self, comment: Comment) -> str:
        article = comment.discussion.article
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), article.title)

    @admin.display(description=_("earlier texts"))
    def earlier_texts(self, comment: Comment) -> str:
        """What it said before its writer changed it, the newest first."""
        texts = comment.versions.values_list("replaced_at", "body")
        rows = ((date_format(localtime(at), "SHORT_DATETIME_FORMAT"), text) for at, text in texts)
        return format_html_join("", "<p><strong>{}</strong> {}</p>", rows) or "-"

    @admin.display(description=_("moderation log"))
    def log(self, comment: Comment) -> str:
        """Who decided what about it, why and when, the newest first."""
        rows = (
            (
                date_format(localtime(event.at), "SHORT_DATETIME_FORMAT"),
                event.get_action_display(),
                ", ".join(filter(None, [
                    event.by.display_name if event.by else event.rule,
                    event.get_reason_display() if event.reason else "",
                    event.note,
                ])),
            )
            for event in comment.events.select_related("by").order_by("-pk")
        )  # fmt: skip
        return format_html_join("", "<p>{} <strong>{}</strong> {}</p>", rows) or "-"

    @admin.display(description=_("in reply to"))
    def answered(self, comment: Comment) -> str:
        if comment.parent is None:
            return "-"
        address = reverse("admin:comments_comment_change", args=[comment.parent_id])
        name, text = comment.parent.author_name, Truncator(comment.parent.body).chars(60)
        return format_html('<a href="{}">{}: {}</a>', address, name, text)

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a comment, with the same decisions as in the list."""
        context = {
            "may_moderate": self.has_moderate_permission(request),
            "decisions": [(name, self.get_action(name).description) for name in self.actions],
        }
        kwargs["extra_context"] = (kwargs.get("extra_context") or {}) | context
        response: HttpResponse = super().change_view(request, *args, **kwargs)
        return response

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, approve_comment)

    @admin.action(description=_("Reject"), permissions=["moderate"])
    def reject(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, reject_comment)

    @admin.action(description=_("Mark as spam"), permissions=["moderate"])
    def spam(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, mark_comment_as_spam)

    @admin.action(description=_("Remove"), permissions=["moderate"])
    def remove(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, remove_comment)

    @admin.action(description=_("Pin"), permissions=["moderate"])
    def pin(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, pin_comment)

    @admin.action(description=_("Unpin"), permissions=["moderate"])
    def unpin(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, unpin_comment)

    @admin.action(description=_("Make it an editor's pick"), permissions=["moderate"])
    def feature(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, feature_comment)

    @admin.action(description=_("No longer an editor's pick"), permissions=["moderate"])
    def unfeature(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, unfeature_comment)

    @admin.action(description=_("Close the thread"), permissions=["moderate"])
    def close_thread(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, close_thread)

    @admin.action(description=_("Reopen the thread"), permissions=["moderate"])
    def reopen_thread(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, reopen_thread)

    def _decide(self, request: HttpRequest, comments: QuerySet[Comment], decide: Any) -> None:
        decided = 0
        for comment in list(comments):
            try:
                decide(comment=comment, by=request.user)
            except ValidationError as refusal:
                messages.error(request, f"{Truncator(comment.body).chars(60)}: {refusal.message}")
            else:
                decided += 1
        if decided:
            text = ngettext("%d comment decided.", "%d comments decided.", decided) % decided
            messages.success(request, text)
