"""The desk's frame: the admin's title and its menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

type Entry = tuple[Any, str, str]

# Heading, then for each entry: title, symbol of Material Symbols, app_model.
GROUPS: list[tuple[Any, list[Entry]]] = [
    (
        _("Articles"),
        [
            (_("Articles"), "article", "articles_article"),
            (_("Front page"), "view_quilt", "articles_frontslot"),
            (_("Corrections"), "edit_note", "articles_correction"),
            (_("Sections"), "category", "articles_section"),
            (_("Series"), "format_list_numbered", "articles_series"),
            (_("Tags"), "sell", "articles_tag"),
            (_("Authors"), "signature", "articles_author"),
        ],
    ),
    (_("Media"), [(_("Images"), "image", "articles_image")]),
    (
        _("Discussion"),
        [
            (_("Comments"), "forum", "comments_comment"),
            (_("Rules"), "rule", "comments_rule"),
            (_("Letters"), "mail", "comments_letter"),
        ],
    ),
    (
        _("Donations"),
        [
            (_("Campaigns"), "flag", "donations_campaign"),
            (_("Gifts"), "volunteer_activism", "donations_gift"),
            (_("Exchange rates"), "currency_exchange", "donations_exchangerate"),
            (_("Statements"), "upload_file", "donations_statement"),
            (_("Receipts"), "receipt_long", "donations_receipt"),
            (_("Names on the wall"), "diversity_3", "donations_wallname"),
            (_("Events"), "webhook", "donations_webhookevent"),
            (_("Refused deliveries"), "gpp_bad", "donations_refuseddelivery"),
            (_("Ways to give"), "payments", "donations_donationmethod"),
            (_("Support texts"), "campaign", "donations_supporttext"),
        ],
    ),
    (
        _("Site"),
        [
            (_("Publication"), "newspaper", "articles_publication"),
            (_("Pages"), "description", "articles_page"),
            (_("Menus"), "menu", "articles_menuitem"),
            (_("Users"), "group", "accounts_user"),
            (_("Forgotten data"), "auto_delete", "newsroom_retentionrun"),
        ],
    ),
]


def publication_name(_request: HttpRequest) -> str:
    """Return what the publication is called."""
    from articles.models import Publication  # noqa: PLC0415 (settings import this module)

    return Publication.current().name


def desk_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu's groups with what the asker may see in them, as Unfold wants them."""
    groups = []
    for heading, entries in GROUPS:
        items = [
            {
                "title": title,
                "icon": symbol,
                "link": reverse_lazy(f"admin:{model}_changelist"),
            }
            for title, symbol, model in entries
            if _may_see(request, model)
        ]
        if items:
            groups.append({"title": heading, "separator": True, "items": items})
    return groups


def _may_see(request: HttpRequest, model: str) -> bool:
    app, _separator, name = model.partition("_")
    return any(request.user.has_perm(f"{app}.{right}_{name}") for right in ("view", "change"))
