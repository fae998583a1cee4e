"""``manage.py remove_second_factor EMAIL``: for who lost phone, key and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.second_factor import remove_second_factor


class Command(BaseCommand):
    help = "Take all second factors and recovery codes from an account, and end its sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        """Raises CommandError when nobody has the address, or nothing to lose."""
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("No account has this address.")
        if not remove_second_factor(user):
            raise CommandError("This account has no second factor.")
        self.stdout.write("Removed. They log in by password or code, and set up another.")
