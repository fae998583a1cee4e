"""Reports on the desk."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from articles.admin.editor import body_field
from articles.models import Article, Byline, Status
from articles.publishing import publish_article, schedule_article, unpublish_article


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A report, and when it is to appear."""

    body = body_field(label=_("Body"), required=False)
    schedule_at = forms.SplitDateTimeField(
        label=_("Appears at"), required=False, widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Only for “Schedule”, in the publication's time zone."),
    )  # fmt: skip

    class Meta:
        model = Article
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.status == Status.SCHEDULED and "schedule_at" in self.fields:
            self.fields["schedule_at"].initial = self.instance.published_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "_schedule" in self.data and "schedule_at" not in self.errors:
            at = cleaned.get("schedule_at")
            if not at:
                self.add_error("schedule_at", _("Say when it is to appear."))
            elif at <= timezone.now():
                self.add_error("schedule_at", _("This time is past. Choose one to come."))
        return cleaned


class BylineInline(TabularInline):  # type: ignore[misc]
    model = Byline
    extra = 1
    autocomplete_fields = ["author"]


@admin.register(Article)
class ArticleAdmin(ModelAdmin):  # type: ignore[misc]
    """Authors write their own reports, editors any; only editors bring them before readers."""

    form = ArticleForm
    inlines = [BylineInline]
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ["title", "section", "kind", "status", "published_at", "modified_at"]
    list_filter = ["status", "section", "kind", "language"]
    list_select_related = ["section"]
    search_fields = ["headline", "slug", "lede"]
    date_hierarchy = "published_at"
    prepopulated_fields = {"slug": ["headline"]}
    autocomplete_fields = ["lead_image", "series", "tags", "related"]
    readonly_fields = ["state"]
    actions = ["publish"]
    fieldsets = [
        (None, {"fields": ["headline", "lede", "body"]}),
        (_("Picture"), {"fields": ["lead_image"]}),
        (
            _("Filing"),
            {
                "fields": [
                    "slug", "section", ("series", "series_part"), "tags", ("kind", "language"),
                    "dateline", "key_points", "related",
                ],
            },
        ),
        (_("Publication"), {"fields": ["state", "schedule_at", "updated_at"]}),
    ]  # fmt: skip

    @admin.display(description=_("title"), ordering="headline")
    def title(self, article: Article) -> str:
        return article.title

    @admin.display(description=_("state"))
    def state(self, article: Article) -> str:
        if article.published_at is None or article.status == Status.DRAFT:
            return article.get_status_display()
        when = timezone.localtime(article.published_at).strftime("%Y-%m-%d %H:%M")
        return f"{article.get_status_display()}, {when}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        rows: QuerySet[Article] = super().get_queryset(request).defer("search_vector")
        if request.user.has_perm("articles.edit_any_article"):
            return rows
        own = Q(created_by=request.user.pk) | Q(authors__user=request.user.pk)
        return rows.filter(own).distinct()

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        if obj is None or not may or request.user.has_perm("articles.edit_any_article"):
            return bool(may)
        is_own = obj.created_by_id == request.user.pk or (
            obj.bylines.filter(author__user=request.user.pk).exists()
        )
        return is_own and obj.status == Status.DRAFT

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

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
        try:
            if "_publish" in request.POST:
                publish_article(article=article, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("Published. Readers see it now."))
            elif "_schedule" in request.POST:
                at = form.cleaned_data["schedule_at"]
                schedule_article(article=article, by=request.user, at=at)  # type: ignore[arg-type]
                messages.success(request, _("Scheduled. It appears by itself."))
            elif "_unpublish" in request.POST:
                unpublish_article(article=article, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("Taken back to draft. Readers do not see it."))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            messages.warning(request, _("Saved, but its state was not changed."))
        except PermissionDenied as error:
            messages.error(request, str(error))

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if {"_publish", "_schedule", "_unpublish"} & set(request.POST):
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = kwargs.get("obj")
        context["may_publish"] = self.has_publish_permission(request)
        context["is_out"] = article is not None and article.status != Status.DRAFT
        return super().render_change_form(request, context, *args, **kwargs)

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
