from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while comments are written

    dependencies = [("comments", "0003_discussion_complete")]

    operations = [
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent', None), models.Q(('status', 'approved'), ('reply_count__gt', 0), _connector='OR')), fields=['discussion', '-best', '-id'], name='comment_root_best'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent', None), models.Q(('status', 'approved'), ('reply_count__gt', 0), _connector='OR')), fields=['discussion', '-reply_count', '-id'], name='comment_root_active'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('pinned_at__isnull', False)), fields=['discussion', 'pinned_at'], name='comment_pinned'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_featured', True)), fields=['discussion', '-created_at', '-id'], name='comment_featured'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent', None), models.Q(('quote_exact', ''), _negated=True)), fields=['discussion', '-created_at', '-id'], name='comment_inline'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('approved_at__isnull', False), ('status', 'approved')), fields=['discussion', '-approved_at'], name='comment_recent'),
        ),
    ]
