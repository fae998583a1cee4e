from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built while comments are written

    dependencies = [('comments', '0014_spam_learnt')]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('reply', 'Reply'), ('mention', 'Mention'), ('new', 'New comment'), ('followed', 'New comment of a reader you follow')], max_length=10),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('status', 'approved'), ('user__isnull', False)), fields=['user', '-created_at', '-id'], name='comment_of_reader'),
        ),
    ]
