"""What a slug looks like in an address: imported here by all whose addresses hold one."""

from django.urls import register_converter


class UnicodeSlugConverter:
    """A slug that may have letters of any script, as an import from WordPress brings them."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(UnicodeSlugConverter, "uslug")
