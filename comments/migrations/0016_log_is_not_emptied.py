from django.db import migrations

GUARD = """
CREATE TRIGGER moderation_log_is_not_emptied BEFORE TRUNCATE ON comments_moderationevent
    FOR EACH STATEMENT EXECUTE FUNCTION comments_keep_event();
"""
UNGUARD = "DROP TRIGGER moderation_log_is_not_emptied ON comments_moderationevent;"


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0015_readers_histories_indexed'),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
    ]
