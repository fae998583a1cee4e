from django.db import migrations, models

import accounts.names


class Migration(migrations.Migration):
    """The cache that workers share; names on one line.

    The table is as Django's ``createcachetable`` makes it, but unlogged: what a crash loses of it is
    forgotten in minutes anyway.
    """

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE shared_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX shared_cache_expires ON shared_cache (expires);
            """,
            "DROP TABLE shared_cache",
        ),
        migrations.AlterField(
            model_name="user",
            name="display_name",
            field=models.CharField(
                help_text="Shown beside what you write.", max_length=80,
                validators=[accounts.names.validate_public_name], verbose_name="display name",
            ),
        ),
    ]
