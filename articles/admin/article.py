"""Reports on the desk."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from articles.admin.editor import BodyEditorAdmin, body_field
from articles.models import Article, Author, Byline, Status
from articles.publishing import RIGHT, publish_article, schedule_article, unpublish_article

STATE_COLOURS: dict[str, str] = {
    Status.DRAFT: "warning", Status.SCHEDULED: "info", Status.PUBLISHED: "success",
}  # fmt: skip
BUTTONS = {"_publish", "_schedule", "_unpublish"}


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A report, and when it is to appear."""

    body = body_field(label=_("Body"), required=False)
    schedule_at = forms.SplitDateTimeField(
        label=_("Appears at"), required=False, widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Only for “Schedule”, in the publication's time zone."),
    )  # fmt: skip

    class Meta:
        model = Article
        exclude: list[str] = []  # the admin's fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lede", "key_points"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3
        if self.instance.status == Status.SCHEDULED and "schedule_at" in self.fields:
            self.fields["schedule_at"].initial = self.instance.published_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "_schedule" in self.data and {"schedule_at"} & self.fields.keys() - self.errors.keys():
            at = cleaned.get("schedule_at")
            if not at:
                self.add_error("schedule_at", _("Say when it is to appear."))
            elif at <= timezone.now():
                self.add_error("schedule_at", _("This time is past. Choose one to come."))
        return cleaned


class BylineInline(TabularInline):
    model = Byline
    extra = 0
    fields = ["author", "position"]
    ordering_field = "position"
    hide_ordering_field = True
    show_title = False
    autocomplete_fields = ["author"]


@admin.register(Article)
class ArticleAdmin(BodyEditorAdmin):
    """Authors write their own reports, editors any; only editors bring them before readers."""

    form = ArticleForm
    inlines = [BylineInline]
    list_display = ["title", "section", "kind", "state", "published_at", "modified_at"]
    list_filter = ["status", "section", "kind", "language"]
    list_select_related = ["section"]
    list_per_page = 50
    search_fields = ["headline", "slug", "lede"]
    prepopulated_fields = {"slug": ["headline"]}
    autocomplete_fields = ["lead_image", "series", "tags", "related"]
    readonly_fields = ["state_and_time"]
    actions = ["publish"]
    warn_unsaved_form = True

    def get_fieldsets(self, request: HttpRequest, _obj: Article | None = None) -> Any:
        times = ["schedule_at", "updated_at"] if self.has_publish_permission(request) else []
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

    @admin.display(description=_("title"), ordering="headline")
    def title(self, article: Article) -> str:
        return article.title

    @admin.display(description=_("state"), ordering="status")
    def state(self, article: Article) -> str:
        return render_to_string(
            "unfold/helpers/label.html",
            {"children": article.get_status_display(), "variant": STATE_COLOURS[article.status]},
        )

    @admin.display(description=_("state"))
    def state_and_time(self, article: Article) -> str:
        if article.published_at is None or article.status == Status.DRAFT:
            return article.get_status_display()
        when = date_format(timezone.localtime(article.published_at), "DATETIME_FORMAT")
        return f"{article.get_status_display()}, {when}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Editors see all; others what readers see, and what they write themselves."""
        rows: QuerySet[Article] = super().get_queryset(request).defer("search_vector")
        if request.user.has_perm("articles.edit_any_article"):
            return rows
        signed = Byline.objects.filter(author__user=request.user.pk).values("article")
        public = Article.objects.published().values("pk")
        return rows.filter(Q(created_by=request.user.pk) | Q(pk__in=signed) | Q(pk__in=public))

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        if obj is None or not may or request.user.has_perm("articles.edit_any_article"):
            return bool(may)
        is_own = obj.created_by_id == request.user.pk or (
            obj.bylines.filter(author__user=request.user.pk).exists()
        )
        return is_own and obj.status == Status.DRAFT

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save bylines and tags, then do what the pressed button says."""
        super().save_related(request, form, formsets, change)
        article = form.instance
        if not change and not article.bylines.exists():
            for author in Author.objects.filter(user=request.user.pk):
                Byline.objects.create(article=article, author=author)
        self._change_state(request, article, form.cleaned_data.get("schedule_at"))

    def _change_state(self, request: HttpRequest, article: Article, at: Any) -> None:
        by: Any = request.user
        try:
            if "_publish" in request.POST:
                publish_article(article=article, by=by)
                messages.success(request, _("Published. Readers see it now."))
            elif "_schedule" in request.POST:
                schedule_article(article=article, by=by, at=at)
                messages.success(request, _("Scheduled. It appears by itself."))
            elif "_unpublish" in request.POST:
                unpublish_article(article=article, by=by)
                messages.success(request, _("Taken back to draft. Readers do not see it."))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            messages.warning(request, _("Saved, but its state was not changed."))
        except PermissionDenied as error:
            messages.error(request, str(error))

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        if BUTTONS & set(request.POST):
            return HttpResponseRedirect(self._form_url(obj))
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if BUTTONS & set(request.POST):
            return HttpResponseRedirect(self._form_url(obj))
        answer: HttpResponse = super().response_change(request, obj)
        return answer

    def _form_url(self, article: Article) -> str:
        return reverse("admin:articles_article_change", args=[article.pk])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        may = self.has_publish_permission(request) and not context.get("is_popup")
        context["show_save_and_add_another"] = False
        context["may_publish"] = may and (article is None or not article.is_public)
        context["may_unpublish"] = may and article is not None and article.status != Status.DRAFT
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        published = 0
        for article in articles.select_related("lead_image"):
            try:
                publish_article(article=article, by=request.user)  # type: ignore[arg-type]
                published += 1
            except ValidationError as error:
                messages.error(request, f"{article}: {' '.join(error.messages)}")
        if published:
            text = ngettext("%d report published.", "%d reports published.", published)
            messages.success(request, text % published)
