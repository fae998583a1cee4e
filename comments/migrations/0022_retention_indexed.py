from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while letters are sent and readers vote

    dependencies = [("comments", "0021_past_ranks_by_age")]

    operations = [
        AddIndexConcurrently(
            "subscription",
            models.Index(
                Upper("email"),
                models.F("discussion"),
                name="subscription_address",
                condition=models.Q(("user", None)),
            ),
        ),
        AddIndexConcurrently(
            "letter",
            models.Index(
                fields=["sent_at"],
                name="letter_sent",
                condition=models.Q(("sent_at__isnull", False)),
            ),
        ),
        AddIndexConcurrently(
            "letter",
            models.Index(
                fields=["due_at"],
                name="letter_given_up",
                condition=models.Q(("is_given_up", True)),
            ),
        ),
        AddIndexConcurrently(
            "subscription",
            models.Index(
                fields=["created_at"],
                name="subscription_unconfirmed",
                condition=models.Q(("confirmed_at", None), ("user", None)),
            ),
        ),
        AddIndexConcurrently(
            "subscription",
            models.Index(
                fields=["confirmed_at"],
                name="subscription_of_guest",
                condition=models.Q(("confirmed_at__isnull", False), ("user", None)),
            ),
        ),
        AddIndexConcurrently(
            "voteburst",
            models.Index(
                fields=["ended_at"],
                name="burst_with_network",
                condition=models.Q(("network__isnull", False)),
            ),
        ),
    ]
