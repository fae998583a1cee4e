"""Uploaded files in a bucket, at the addresses that files on disk have."""

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class BucketStorage(S3Storage):
    """Keeps files in the bucket of the settings; they are read at ``MEDIA_URL``, on the site.

    So the texts that show them, the policy and saved reports know nothing of where they lie. The
    library finds keys, region and endpoint in the environment by itself: none may be an option,
    since options travel with tasks.
    """

    def url(self, name: str, *_how: object, **_options: object) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name).lstrip('/')}"
