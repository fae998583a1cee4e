from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while comments are written

    dependencies = [
        ('comments', '0011_rules'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('text_digest__isnull', False)), fields=['text_digest', '-created_at'], name='comment_same_text'),
        ),
        AddIndexConcurrently(
            model_name='moderationevent',
            index=models.Index(condition=models.Q(('rule', ''), _negated=True), fields=['rule', '-id'], name='event_of_rule'),
        ),
    ]
