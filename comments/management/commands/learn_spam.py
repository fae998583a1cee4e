"""``manage.py learn_spam``: learn anew what spam is from all decisions in the log."""

from typing import Any

from django.core.management.base import BaseCommand

from comments.spam.learning import learn_anew


class Command(BaseCommand):
    help = "Forget what is known of spam, and learn it anew from moderators' decisions in the log."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{learn_anew()} comments taught what is spam and what is not")
