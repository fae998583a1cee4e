from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Readers vote on meanwhile.
    atomic = False

    dependencies = [
        ('comments', '0019_vote_bursts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='vote',
            index=models.Index(condition=models.Q(('burst__isnull', False)), fields=['burst'], name='vote_removed'),
        ),
        AddIndexConcurrently(
            model_name='vote',
            index=models.Index(fields=['created_at', 'comment'], name='vote_recent'),
        ),
        AddIndexConcurrently(
            model_name='vote',
            index=models.Index(condition=models.Q(('network__isnull', False)), fields=['created_at', 'id'], name='vote_with_network'),
        ),
        ValidateConstraint(model_name='vote', name='vote_up_or_down_or_removed'),
        ValidateConstraint(model_name='vote', name='vote_removed_is_not_counted'),
    ]
