import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while comments are written

    dependencies = [('comments', '0008_addresses_as_hashes')]

    operations = [
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('guest_email', ''), _negated=True), fields=['created_at', 'id'], name='comment_with_address'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(django.db.models.functions.text.Upper('guest_email'), condition=models.Q(('guest_email', ''), _negated=True), name='comment_address'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('guest_digest', ''), _negated=True), fields=['guest_digest'], name='comment_digest'),
        ),
    ]
