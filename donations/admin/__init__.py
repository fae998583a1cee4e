"""Drives, ways to give, texts and the ledger in the admin."""

from donations.admin.campaigns import CampaignAdmin
from donations.admin.donors import ReceiptAdmin, WallNameAdmin
from donations.admin.events import RefusedDeliveryAdmin, WebhookEventAdmin
from donations.admin.gifts import GiftAdmin
from donations.admin.giving import DonationMethodAdmin, SupportTextAdmin
from donations.admin.rates import ExchangeRateAdmin
from donations.admin.statements import StatementAdmin

__all__ = [
    "CampaignAdmin",
    "DonationMethodAdmin",
    "ExchangeRateAdmin",
    "GiftAdmin",
    "ReceiptAdmin",
    "RefusedDeliveryAdmin",
    "StatementAdmin",
    "SupportTextAdmin",
    "WallNameAdmin",
    "WebhookEventAdmin",
]
