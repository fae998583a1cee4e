"""Issuing corrections: typed, dated, and never taken back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Correction
from articles.revisions import keep_baseline, keep_revision
from articles.workflow import first_publication

ADD = "articles.add_correction"


@transaction.atomic
def issue_correction(*, article: Article, kind: str, text: str, by: User | None) -> Correction:
    """Tell the readers of a report what was wrong, or what is new; return the entry.

    The report counts as updated from now on. An entry stays as it is: a mistake in one is put
    right by another. by: None for a program.
    Raises PermissionDenied, ValidationError when readers never saw the report or nothing is said.
    """
    if by is not None and not by.has_perm(ADD):
        raise PermissionDenied(_("You may not issue corrections: ask an editor."))
    if not text.strip():
        raise ValidationError({"text": _("Say what was wrong, and what is right.")})
    if kind not in Correction.Kind.values:
        raise ValidationError({"kind": _("Choose a kind.")})
    rows = Article.objects.select_for_update(of=("self",)).defer("search_vector")
    article.refresh_from_db(from_queryset=rows)
    if first_publication(article) is None:
        raise ValidationError(
            {"article": _("Readers have not seen this report, so there is nothing to correct.")}
        )
    keep_baseline(article)
    now = timezone.now()
    correction = Correction.objects.create(
        article=article, kind=kind, text=text.strip(), issued_at=now, issued_by=by
    )
    article.updated_at = now
    Article.objects.filter(pk=article.pk).update(updated_at=now, modified_at=now)
    keep_revision(article=article, by=by, reason=correction.get_kind_display())
    return correction
