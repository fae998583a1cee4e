from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts.roles import sync_roles  # noqa: PLC0415 (models load before it)

        # Django makes permissions after migrations, so the groups that hold them follow then too.
        post_migrate.connect(sync_roles, dispatch_uid="accounts.sync_roles")
