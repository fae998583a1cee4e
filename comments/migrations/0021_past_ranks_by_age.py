from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while readers vote

    dependencies = [("comments", "0020_vote_bursts_indexed")]

    operations = [
        AddIndexConcurrently(
            "pastrank",
            models.Index(fields=["discussion", "valid_until"], name="past_rank_since"),
        ),
        AddIndexConcurrently(
            "pastrank", models.Index(fields=["created_at"], name="past_rank_written")
        ),
        RemoveIndexConcurrently("pastrank", "past_rank_top"),
        RemoveIndexConcurrently("pastrank", "past_rank_best"),
        RemoveIndexConcurrently("pastrank", "past_rank_active"),
        RemoveIndexConcurrently("pastrank", "past_rank_age"),
    ]
