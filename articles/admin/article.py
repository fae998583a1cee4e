"""Reports on the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from articles import editing
from articles.admin.article_form import ArticleForm
from articles.admin.editing import EditingAdmin, said_of
from articles.admin.editor import BodyEditorAdmin
from articles.admin.previews import PreviewsAdmin
from articles.admin.revisions import RevisionsAdmin
from articles.admin.searching import FullTextSearchAdmin
from articles.admin.steps import ASKED, StepsAdmin
from articles.models import Article, Author, Byline, Status
from articles.revisions import keep_baseline, keep_revision
from articles.workflow import (
    EDIT_ANY,
    STEPS,
    first_publication,
    is_own,
    open_steps,
    settle_publication,
)

STATE_COLOURS: dict[str, str] = {
    Status.DRAFT: "warning", Status.IN_REVIEW: "primary", Status.APPROVED: "primary",
    Status.SCHEDULED: "info", Status.PUBLISHED: "success", Status.WITHDRAWN: "danger",
}  # fmt: skip


class BylineInline(TabularInline):
    model = Byline
    extra = 0
    fields = ["author", "position"]
    ordering_field = "position"
    hide_ordering_field = True
    show_title = False
    autocomplete_fields = ["author"]


@admin.register(Article)
class ArticleAdmin(
    StepsAdmin, EditingAdmin, PreviewsAdmin, RevisionsAdmin, FullTextSearchAdmin, BodyEditorAdmin
):
    """Authors write and submit their own reports, editors any; editors bring them to readers."""

    form = ArticleForm
    inlines = [BylineInline]
    list_display = ["title", "section", "kind", "state", "published_at", "modified_at"]
    list_filter = ["status", "section", "kind", "language"]
    list_select_related = ["section"]
    list_per_page = 50
    prepopulated_fields = {"slug": ["headline"]}
    autocomplete_fields = ["lead_image", "series", "tags", "related"]
    readonly_fields = ["state_and_time"]
    warn_unsaved_form = True
    change_form_outer_before_template = "admin/articles/article/desk_bar.html"
    change_form_before_template = "admin/articles/article/form_version.html"

    class Media:
        js = [forms.Script("js/admin/desk-form.js", type="module")]

    def get_fieldsets(self, request: HttpRequest, _obj: Article | None = None) -> Any:
        times = []
        if self.has_publish_permission(request):
            times = ["schedule_at", "embargo_until", "updated_at"]
        return [
            (None, {"fields": ["headline", "lede", "body", "lead_image"]}),
            (_("Publication"), {"fields": ["state_and_time", *times]}),
            (
                _("Filing"),
                {
                    "fields": [
                        "slug", "section", ("series", "series_part"), "tags",
                        ("kind", "language"), "dateline", "key_points", "related",
                    ],
                },
            ),
        ]  # fmt: skip

    # Rights ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Editors see all; others what readers see, and what they write themselves."""
        rows: QuerySet[Article] = super().get_queryset(request).defer("search_vector")
        if request.user.has_perm(EDIT_ANY):
            return rows
        signed = Byline.objects.filter(author__user=request.user.pk).values("article")
        public = Article.objects.published().values("pk")
        return rows.filter(Q(created_by=request.user.pk) | Q(pk__in=signed) | Q(pk__in=public))

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        if obj is None or not may or request.user.has_perm(EDIT_ANY):
            return bool(may)
        return obj.status == Status.DRAFT and is_own(obj, request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers once saw is withdrawn, not deleted: the record stays."""
        may = super().has_delete_permission(request, obj)
        return bool(may) and (obj is None or first_publication(obj) is None)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        texts, counts, lacking, protected = super().get_deleted_objects(objs, request)
        seen = [str(article) for article in objs if first_publication(article) is not None]
        return texts, counts, lacking, [*protected, *seen]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Article | None:
        """Return the report; one whose time has come is first noted as published."""
        article: Article | None = super().get_object(request, *args, **kwargs)
        if article is not None and request.method == "POST":
            settle_publication(article)
        return article

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    # The list -------------------------------------------------------------------------------

    @admin.display(description=_("title"), ordering="headline")
    def title(self, article: Article) -> str:
        return article.title

    @admin.display(description=_("state"), ordering="status")
    def state(self, article: Article) -> str:
        return render_to_string(
            "unfold/helpers/label.html",
            {"text": article.get_status_display(), "variant": STATE_COLOURS[article.status]},
        )

    @admin.display(description=_("state"))
    def state_and_time(self, article: Article) -> str:
        if article.published_at is None:
            return article.get_status_display()
        when = date_format(timezone.localtime(article.published_at), "DATETIME_FORMAT")
        return f"{article.get_status_display()}, {when}"

    # The form -------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if request.method == "GET" and "unsaved" in request.GET:
            unsaved = editing.unsaved_text(article=obj, user=request.user)  # type: ignore[arg-type]
            if unsaved is not None:
                form.unsaved, form.unsaved_version = unsaved.fields, unsaved.version
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        context["show_save_and_add_another"] = False
        if not context.get("is_popup"):
            may_edit = (
                self.has_change_permission(request, article)
                if article
                else self.has_add_permission(request)
            )
            context["may_edit"] = may_edit
            context["steps"] = self.step_buttons(request, article) if may_edit else []
            if may_edit:
                context |= self.editing_context(request, article)
                lock = context["lock_of_another"]
                context["lock_said"] = said_of(lock) if lock else ""
            if article is not None:
                context["last_change"] = article.state_changes.select_related("by").first()
                context["asked_steps"] = [
                    (
                        reverse("admin:articles_article_step", args=[article.pk, name]),
                        STEPS[name].label,
                    )
                    for name in open_steps(article, request.user)  # type: ignore[arg-type]
                    if name in ASKED
                ]
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        keep_baseline(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save bylines and tags, keep a revision, then do what the pressed button says."""
        super().save_related(request, form, formsets, change)
        article, user = form.instance, request.user
        if not change and not article.bylines.exists():
            for author in Author.objects.filter(user=user.pk):
                Byline.objects.create(article=article, author=author)
        if not change or form.has_changed() or any(rows.has_changed() for rows in formsets):
            Article.objects.filter(pk=article.pk).index_for_search()  # with its bylines and tags
            Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
            article.refresh_from_db(fields=["version"])
            reason = _("Edited") if change else _("Written")
            keep_revision(article=article, by=user, reason=str(reason))  # type: ignore[arg-type]
        editing.discard_unsaved(
            article=article if change else None,
            user=user,  # type: ignore[arg-type]
        )
        self.take_pressed_step(request, article, form.cleaned_data.get("schedule_at"))

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        if self.pressed_step(request):
            return HttpResponseRedirect(self.form_url(obj))
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if self.pressed_step(request):
            return HttpResponseRedirect(self.form_url(obj))
        if "_save" in request.POST:
            editing.close(article=obj, user=request.user)  # type: ignore[arg-type]
        answer: HttpResponse = super().response_change(request, obj)
        return answer
