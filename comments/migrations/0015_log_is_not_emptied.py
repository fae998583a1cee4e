from django.db import migrations

GUARD = """
CREATE TRIGGER moderation_log_is_not_emptied BEFORE TRUNCATE ON comments_moderationevent
    FOR EACH STATEMENT EXECUTE FUNCTION comments_keep_event();
"""
UNGUARD = "DROP TRIGGER moderation_log_is_not_emptied ON comments_moderationevent;"


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0014_spam_learnt'),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
    ]
