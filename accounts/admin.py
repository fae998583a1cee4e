"""Users in the admin."""

from typing import Any, cast

import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 (both register what is unregistered below)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from accounts.personal_data.erasing import begin_erasure
from accounts.roles import exceeds, groups_within
from accounts.second_factor import SECOND_FACTORS, remove_second_factor

# What they hold is a secret, or nobody's but the account's own to see.
admin.site.unregister([Authenticator, UserSession])


def _staff(request: HttpRequest) -> User:
    """Return who asks, whom the admin has let in."""
    return cast("User", request.user)


# Django's forms and admin classes are generic in their stubs alone: hence the marks.
class UniqueEmail(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses the address of another account, however its letters are cased."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.exclude(pk=self.instance.pk).filter(email__iexact=email).exists():
            raise ValidationError(_("Another account has this address."))
        return email


class UserCreationForm(UniqueEmail, AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "display_name")
        widgets = {
            "email": UnfoldAdminEmailInputWidget,
            "display_name": UnfoldAdminTextInputWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(
                attrs={"autocomplete": "new-password"}
            )
        choice = self.fields["usable_password"]
        choice.widget = UnfoldAdminRadioSelectWidget(choices=choice.choices)  # type: ignore[attr-defined]


class UserEditForm(UniqueEmail, UserChangeForm):
    pass


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """A chief gives people roles; rights beyond the chief's own only a superuser gives or takes."""

    form = UserEditForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ["email"]
    list_display = [
        "email", "display_name", "roles", "is_staff", "second_factor", "is_active", "last_login",
    ]  # fmt: skip
    actions = ["take_second_factor"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "display_name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "display_name", "password"]}),
        (_("Role"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["email", "display_name", "usable_password", "password1", "password2"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
        rows = super().get_queryset(request).annotate(has_second_factor=Exists(factors))
        return rows.prefetch_related("groups")

    @admin.display(description=_("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, user: Any) -> bool:
        return bool(user.has_second_factor)

    @admin.action(
        description=_("Take away lost second factors and recovery codes"), permissions=["change"]
    )
    def take_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For who lost their phone or key: they log in by password and set up another."""
        taken = 0
        for user in users:
            if exceeds(user, _staff(request)):
                continue
            if remove_second_factor(user):
                taken += 1
                note = gettext("Took away the second factor.")
                self.log_change(request, user, note)
        text = ngettext(
            "%(taken)d account has no second factor any more.",
            "%(taken)d accounts have no second factor any more.",
            taken,
        )
        messages.info(request, text % {"taken": taken})

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who may change an account could take it over, so it must not be able to do more.
        if obj is not None and exceeds(obj, _staff(request)):
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who works here is not erased: their role is taken from them first.
        if obj is not None and (obj.is_staff or obj.is_superuser or exceeds(obj, _staff(request))):
            return False
        return bool(super().has_delete_permission(request, obj))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Erase the account as if its owner had asked for it; what it wrote stays, without it."""
        begin_erasure(user=obj, keep_comments=True)
        messages.info(
            request,
            gettext("The worker erases what is kept of it. Its comments stay, by “A reader”."),
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:  # of none that works here: Django asks for each before it is sure
            self.delete_model(request, user)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            return forms.ModelMultipleChoiceField(
                queryset=groups_within(Group.objects.order_by("pk"), _staff(request)),
                widget=UnfoldAdminCheckboxSelectMultipleWidget, label=_("Roles"), required=False,
            )  # fmt: skip
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            # The old address must not open the account any more, nor reset its password.
            EmailAddress.objects.filter(user=obj).delete()
