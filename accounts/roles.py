"""The four roles of the house and what each may do."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import User

# Each role holds the permissions of the ones it is built on. Names are app_label.codename.
AUTHOR = {
    "articles.add_article", "articles.change_article", "articles.view_article",
    "articles.add_byline", "articles.change_byline", "articles.delete_byline",
    "articles.view_byline",
    "articles.add_image", "articles.change_image", "articles.view_image",
    "articles.view_author", "articles.view_section", "articles.view_series",
    "articles.view_tag", "articles.add_tag",
}  # fmt: skip
EDITOR = AUTHOR | {
    "articles.publish_article", "articles.edit_any_article", "articles.delete_article",
    "articles.delete_image",
    "articles.add_author", "articles.change_author",
    "articles.add_series", "articles.change_series", "articles.delete_series",
    "articles.change_tag", "articles.delete_tag",
    "articles.add_correction", "articles.view_correction",
    "articles.add_frontslot", "articles.change_frontslot", "articles.delete_frontslot",
    "articles.view_frontslot",
    "articles.add_page", "articles.change_page", "articles.view_page",
    "comments.view_comment", "comments.view_discussion", "comments.change_discussion",
}  # fmt: skip
MODERATOR = {
    "articles.view_article",
    "comments.view_comment", "comments.moderate_comment", "comments.view_letter",
    "comments.view_moderationevent", "comments.view_ban", "newsroom.view_retentionrun",
    "comments.add_rule", "comments.change_rule", "comments.delete_rule", "comments.view_rule",
    "comments.view_discussion", "comments.change_discussion",
}  # fmt: skip
CHIEF = EDITOR | MODERATOR | {
    "articles.change_publication", "articles.view_publication",
    "articles.add_menuitem", "articles.change_menuitem", "articles.delete_menuitem",
    "articles.view_menuitem",
    "articles.add_section", "articles.change_section", "articles.delete_section",
    "articles.delete_author", "articles.delete_page",
    "accounts.view_user", "accounts.change_user", "accounts.add_user",
    "donations.add_campaign", "donations.change_campaign", "donations.view_campaign",
    "donations.delete_campaign",
    "donations.add_donationmethod", "donations.change_donationmethod",
    "donations.delete_donationmethod", "donations.view_donationmethod",
    "donations.add_supporttext", "donations.change_supporttext",
    "donations.delete_supporttext", "donations.view_supporttext",
    "donations.add_gift", "donations.change_gift", "donations.view_gift",
    "donations.add_exchangerate", "donations.change_exchangerate",
    "donations.delete_exchangerate", "donations.view_exchangerate",
    "donations.view_webhookevent", "donations.change_webhookevent",
    "donations.view_refuseddelivery",
    "donations.add_milestone", "donations.change_milestone", "donations.delete_milestone",
    "donations.view_milestone",
    "donations.view_wallname", "donations.change_wallname", "donations.delete_wallname",
    "donations.add_statement", "donations.change_statement", "donations.delete_statement",
    "donations.view_statement",
    "donations.view_receipt", "donations.change_receipt",
}  # fmt: skip

ROLES = {"Author": AUTHOR, "Editor": EDITOR, "Moderator": MODERATOR, "Chief": CHIEF}


def sync_roles(**_signal: Any) -> None:
    """Make the four groups hold exactly their permissions, as far as those exist yet."""
    existing = {
        _name(permission): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, codenames in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(existing[c] for c in codenames if c in existing)


def exceeds(user: User, other: User) -> bool:
    """Tell whether user may do, or may be made to do again, something that other may not."""
    if other.is_superuser:
        return False
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return user.is_superuser or not _names(held) <= other.get_all_permissions()


def groups_within(groups: QuerySet[Group], user: User) -> QuerySet[Group]:
    """Return those of groups that give nothing which user may not do."""
    if user.is_superuser:
        return groups
    beyond = [
        permission.pk
        for permission in Permission.objects.select_related("content_type")
        if _name(permission) not in user.get_all_permissions()
    ]
    return groups.exclude(permissions__in=beyond)


def _names(permissions: QuerySet[Permission]) -> set[str]:
    return {_name(permission) for permission in permissions.select_related("content_type")}


def _name(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"
