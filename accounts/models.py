"""Who reads, writes, edits and moderates."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.names import validate_public_name
from accounts.second_factor import lacks_second_factor

LONGEST_EMAIL = 254  # RFC 5321


class UserManager(BaseUserManager["User"]):
    """Makes users; an email address counts once, however its letters are cased."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new, saved user. Raises ValueError without an email address."""
        if not email:
            raise ValueError("A user needs an email address.")
        fields.setdefault("display_name", email.partition("@")[0])
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user who may do everything, by an address that is taken as theirs."""
        from allauth.account.models import EmailAddress  # noqa: PLC0415 (it refers to this module)

        user = self.create_user(email, password, **fields, is_staff=True, is_superuser=True)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, who logs in by email and signs by display name."""

    email = models.EmailField(_("email address"), max_length=LONGEST_EMAIL, unique=True)
    display_name = models.CharField(
        _("display name"), max_length=80, validators=[validate_public_name],
        help_text=_("Shown beside what you write."),
    )  # fmt: skip
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May log in to the editorial desk.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_caseless"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    @cached_property
    def lacks_second_factor(self) -> bool:
        """Whether they are staff who may do nothing as such before they have a second factor."""
        return lacks_second_factor(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return not self.lacks_second_factor and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return not self.lacks_second_factor and super().has_module_perms(app_label)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class Profile(models.Model):
    """What an account tells about itself, and to whom; without a row, as the fields begin."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="profile")
    bio = models.TextField(
        _("about you"), max_length=500, blank=True,
        help_text=_("Plain text, at most 500 characters."),
    )  # fmt: skip
    shows_history = models.BooleanField(
        _("show my comments on my page"), default=True,
        help_text=_("They stand under their reports in any case."),
    )  # fmt: skip
    allows_followers = models.BooleanField(
        _("let readers follow me"), default=True,
        help_text=_("Who follows you is told of your new comments. You see who they are."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: User) -> "Profile":
        """Return the user's profile, new and unsaved where there is none."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    @property
    def may_be_followed(self) -> bool:
        """Whether there is anything to be told of: not where the comments are not shown either."""
        return self.allows_followers and self.shows_history


class Following(models.Model):
    """One reader is told of another's new comments."""

    follower = models.ForeignKey(User, models.CASCADE, related_name="following")
    followed = models.ForeignKey(User, models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When the followed sent them away: they are told nothing, and cannot follow again.
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="following_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="following_not_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


def display_name_of(user: User) -> str:
    """Return what allauth's mails and messages call the user."""
    return user.display_name


class Erasure(models.Model):
    """An account that is to be done away with; it goes with the account."""

    user = models.OneToOneField(User, models.CASCADE, related_name="erasure")
    # Whether what they wrote in public stays, without them.
    keep_comments = models.BooleanField()
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.asked_at)
