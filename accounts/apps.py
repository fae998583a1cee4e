from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415 (models load before it)

        from accounts import checks  # noqa: F401, PLC0415 (registers them)
        from accounts.roles import sync_roles  # noqa: PLC0415 (models load before it)
        from accounts.second_factor import end_sessions_without  # noqa: PLC0415 (models load before it)

        # Django makes permissions after migrations, so the groups that hold them follow then too.
        post_migrate.connect(sync_roles, dispatch_uid="accounts.sync_roles")
        authenticator_added.connect(end_sessions_without, dispatch_uid="accounts.end_sessions")
