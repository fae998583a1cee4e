from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while comments are written

    dependencies = [('comments', '0012_rules_indexed')]

    operations = [
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('network', ''), _negated=True), fields=['created_at', 'id'], name='comment_with_network'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('address__contains', '@')), fields=['created_at', 'id'], name='notification_with_address'),
        ),
    ]
