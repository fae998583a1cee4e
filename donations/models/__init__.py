"""The rows of the donations, one family a module."""

from donations.models.campaign import Campaign, FormerGoal, Milestone
from donations.models.donor import Receipt, WallName
from donations.models.gift import Gift, Pledge, Provider
from donations.models.giving import Departure, DonationMethod, SupportText
from donations.models.ledger import Conversion, Entry, ExchangeRate, Movement
from donations.models.statement import Statement
from donations.models.webhook import RefusedDelivery, WebhookEvent

__all__ = [
    "Campaign",
    "Conversion",
    "Departure",
    "DonationMethod",
    "Entry",
    "ExchangeRate",
    "FormerGoal",
    "Gift",
    "Milestone",
    "Movement",
    "Pledge",
    "Provider",
    "Receipt",
    "RefusedDelivery",
    "Statement",
    "SupportText",
    "WallName",
    "WebhookEvent",
]
