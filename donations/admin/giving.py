"""Ways to give and the boxes' texts."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from donations.models import DonationMethod, SupportText


@admin.register(DonationMethod)
class DonationMethodAdmin(ModelAdmin):
    list_display = ["label", "kind", "language", "position", "is_active"]
    list_editable = ["position", "is_active"]


@admin.register(SupportText)
class SupportTextAdmin(ModelAdmin):
    list_display = ["heading", "placement", "language"]
