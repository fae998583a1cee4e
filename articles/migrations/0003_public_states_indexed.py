"""What a live table can take without being locked: concurrent indexes, constraints checked late."""

from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('articles', '0002_the_desk_and_the_public_record'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('status__in', ('scheduled', 'published'))), fields=['-published_at', '-id'], name='article_newest'),
        ),
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('status__in', ('scheduled', 'published'))), fields=['section', '-published_at', '-id'], name='article_newest_of_section'),
        ),
        AddIndexConcurrently(
            model_name='image',
            index=models.Index(condition=models.Q(('content_digest', ''), _negated=True), fields=['content_digest'], name='image_content'),
        ),
        RemoveIndexConcurrently(
            model_name='article',
            name='article_public_newest',
        ),
        RemoveIndexConcurrently(
            model_name='article',
            name='article_section_newest',
        ),
        ValidateConstraint(
            model_name='article',
            name='article_public_has_its_time',
        ),
        ValidateConstraint(
            model_name='article',
            name='article_not_before_embargo',
        ),
    ]
