"""What came from elsewhere, so that a second import finds it again."""

from django.db import models


class ImportedItem(models.Model):
    """Which of our rows stands for which item of the site it was imported from."""

    source = models.CharField(max_length=500)  # the other site's address
    kind = models.CharField(max_length=20)  # post, page, attachment, author, category, tag, comment
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()
    old_url = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "external_id"], name="imported_item_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id} of {self.source}"
