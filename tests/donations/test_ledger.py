"""The ledger: the same facts, in any order, any number of times, count the same."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from donations.campaigns import raised_in, save_campaign
from donations.ledger.by_hand import confirm_gift, refund_gift, reverse_gift
from donations.ledger.posting import count_waiting
from donations.ledger.recording import Report, record_report
from donations.ledger.settlement import Status, standing_of
from donations.models import Campaign, Entry, ExchangeRate, Gift, Movement, Provider
from donations.models.campaign import Period
from donations.money import convert
from tests.donations.factories import CampaignFactory, GiftFactory, RateFactory, rolled_back

pytestmark = pytest.mark.django_db
Kind = Movement.Kind
START = datetime.datetime(2026, 3, 30, 12, tzinfo=datetime.UTC)
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
APRIL = Period(datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))


def payment(name: str = "p", amount: int = 10_000, currency: str = "USD", **more: Any) -> Report:
    return Report(
        **{
            "provider": Provider.STRIPE, "payment": name, "kind": Kind.PAYMENT,
            "amount_minor": amount, "currency": currency, "occurred_at": START, **more,
        }
    )  # fmt: skip


def after(hours: float) -> datetime.datetime:
    return START + datetime.timedelta(hours=hours)


def told(kind: Kind, reference: str, amount: int | None = None, **more: Any) -> Report:
    """Return a report on the payment "p", a day later."""
    currency = "USD" if amount else ""
    return payment(
        kind=kind, reference=reference, amount=amount,  # type: ignore[arg-type]
        **{"currency": currency, "occurred_at": after(24), **more},
    )  # fmt: skip


def total(currency: str = "USD") -> int:
    return sum(Entry.objects.filter(currency=currency).values_list("amount_minor", flat=True))


RATES = [
    ("EUR", "1.0853", MARCH.starts_on), ("EUR", "1.2", MARCH.ends_on),
    ("EUR", "0.9", APRIL.starts_on), ("JPY", "0.0067", MARCH.starts_on),
    ("KWD", "3.25", MARCH.starts_on),
]  # fmt: skip


# The property -------------------------------------------------------------------------------

AMOUNTS = st.integers(1, 50_000)
TIMES = st.integers(0, 80).map(after)  # hours: two days of March, two of April


@st.composite
def stories(draw: Any) -> list[Report]:
    """Return everything that happens to some gifts, in the order in which it does."""
    reports: list[Report] = []
    for number in range(draw(st.integers(1, 4))):
        base = payment(
            f"gift {number}", draw(AMOUNTS), draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"])),
            occurred_at=draw(TIMES), provider=draw(st.sampled_from(["stripe", "paypal"])),
        )  # fmt: skip
        if draw(st.booleans()):
            reports.append(replace(base, kind=Kind.PENDING))
        if draw(st.integers(0, 5)):
            reports.append(base)
            if draw(st.booleans()):  # a second report of the same payment
                reports.append(replace(base, reference="checkout", occurred_at=draw(TIMES)))
        for part in range(draw(st.integers(0, 3))):
            share = draw(st.one_of(st.none(), AMOUNTS))
            thing = replace(
                base, reference=f"{part}", amount_minor=share, occurred_at=draw(TIMES),
                kind=draw(st.sampled_from([Kind.REFUND, Kind.DISPUTE, Kind.REVERSAL])),
            )  # fmt: skip
            reports.append(thing)
            ends = {
                Kind.REFUND: [Kind.REFUND_FAILED],
                Kind.DISPUTE: [Kind.DISPUTE_WON, Kind.DISPUTE_LOST],
            }.get(thing.kind, [])
            if ends and draw(st.booleans()):
                reports.append(
                    replace(thing, kind=draw(st.sampled_from(ends)), occurred_at=draw(TIMES))
                )
    return sorted(reports, key=lambda report: report.occurred_at)


def meters() -> list[int]:
    """Return what the drives' meters say: March and April, in dollars."""
    return raised_in([("USD", MARCH), ("USD", APRIL)])


def check_meter_is_ledger() -> None:
    """Assert that what counts is what each gift's facts say together, at the rates fixed for it."""
    due = {MARCH: 0, APRIL: 0}
    for gift in Gift.objects.prefetch_related("movements", "conversions"):
        standing = standing_of(gift.movements.all())
        if standing.day is None:
            continue
        kept = standing.kept_minor
        if standing.currency != "USD":
            fixed = {(c.currency, c.day): c.rate for c in gift.conversions.all()}
            rate = fixed.get((standing.currency, standing.day))
            kept = convert(kept, currency=standing.currency, into="USD", rate=rate) if rate else 0
        due[MARCH if standing.day.month == 3 else APRIL] += kept
    assert meters() == [due[MARCH], due[APRIL]]


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(story=stories().filter(bool), data=st.data())
def test_any_order_and_repetition_count_as_the_story_told_once(
    story: list[Report], data: st.DataObject
) -> None:
    def tell(reports: list[Report], rates_after: int) -> tuple[Any, ...]:
        with rolled_back():
            for month in (MARCH, APRIL):
                CampaignFactory(starts_on=month.starts_on, ends_on=month.ends_on)
            for number, report in enumerate([*reports, None]):
                if number == rates_after:
                    for currency, rate, day in RATES:
                        RateFactory(currency=currency, rate=Decimal(rate), valid_from=day)
                    count_waiting()
                if report:
                    record_report(report)
                    check_meter_is_ledger()
            assert not Gift.objects.waiting().exists()
            check_meter_is_ledger()
            own = {
                (gift.reference, gift.provider): (gift.standing.status, gift.standing.kept_minor)
                for gift in Gift.objects.prefetch_related("movements")
            }
            return (meters(), own)

    once = tell(story, 0)
    doubled = story + data.draw(st.lists(st.sampled_from(story), max_size=5))
    shuffled = data.draw(st.permutations(doubled))
    assert tell(shuffled, data.draw(st.integers(0, len(shuffled)))) == once


# One by one ---------------------------------------------------------------------------------


def test_told_twice_is_told_once() -> None:
    gift, is_new = record_report(payment())
    assert is_new
    again, is_new = record_report(payment())
    assert (again, is_new) == (gift, False)
    assert total() == 10_000


def test_same_name_at_two_providers_is_two_gifts() -> None:
    record_report(payment())
    record_report(payment(provider=Provider.PAYPAL))
    assert total() == 20_000


def test_nothing_counts_before_it_has_come() -> None:
    gift, _new = record_report(payment(kind=Kind.PENDING))
    assert total() == 0
    assert gift.standing.status == Status.PENDING
    record_report(payment(occurred_at=after(1)))
    assert total() == 10_000


def test_refund_before_its_payment_is_kept_and_applied() -> None:
    gift, _new = record_report(told(Kind.REFUND, "r", 4_000))
    assert total() == 0
    assert gift.standing.status == Status.UNPAID
    record_report(payment())
    assert total() == 6_000
    assert Gift.objects.get().standing.status == Status.PARTLY_REFUNDED


def test_refunds_never_take_more_than_was_given() -> None:
    record_report(payment())
    record_report(told(Kind.REFUND, "r", 9_000))
    record_report(told(Kind.DISPUTE, "d", 9_000))
    assert total() == 0


def test_failed_refund_counts_again_in_either_way_of_telling() -> None:
    record_report(payment())
    record_report(told(Kind.REFUNDED_SO_FAR, "so far 3000", 3_000))
    record_report(told(Kind.REFUND, "r", 3_000))
    assert total() == 7_000
    record_report(told(Kind.REFUND_FAILED, "r", 3_000))
    assert total() == 10_000


def test_dispute_is_out_until_it_is_won() -> None:
    gift, _new = record_report(payment())
    record_report(told(Kind.DISPUTE, "d"))
    assert (total(), gift.standing.status) == (0, Status.DISPUTED)
    record_report(told(Kind.DISPUTE_WON, "d", occurred_at=after(48)))
    assert (total(), gift.standing.status) == (10_000, Status.RECEIVED)
    record_report(told(Kind.DISPUTE_LOST, "d", occurred_at=after(72)))
    assert (total(), gift.standing.status) == (0, Status.CHARGED_BACK)


def test_what_goes_back_is_taken_from_the_month_it_was_given_in() -> None:
    record_report(payment())
    record_report(told(Kind.REFUND, "r", 4_000, occurred_at=after(24 * 10)))
    assert meters() == [6_000, 0]


def test_refund_in_another_currency_counts_nothing_and_is_seen() -> None:
    gift, _new = record_report(payment())
    record_report(told(Kind.REFUND, "r", 100, currency="EUR"))
    assert (total(), gift.standing.status) == (0, Status.UNCLEAR)


def test_foreign_gift_waits_for_a_rate_then_keeps_it() -> None:
    CampaignFactory(starts_on=MARCH.starts_on, ends_on=MARCH.ends_on)
    gift, _new = record_report(payment(currency="EUR"))
    assert (total(), total("EUR")) == (0, 10_000)
    assert list(Gift.objects.waiting()) == [gift]
    rate = RateFactory(rate=Decimal("1.10"))
    assert count_waiting() == 1
    assert total() == 11_000
    ExchangeRate.objects.filter(pk=rate.pk).update(rate=Decimal(2))
    record_report(told(Kind.REFUND, "r", 5_000, currency="EUR"))
    assert total() == 5_500


def test_rate_of_the_day_is_the_latest_before_it() -> None:
    CampaignFactory(starts_on=MARCH.starts_on, ends_on=MARCH.ends_on)
    for day, rate in ((1, "1.1"), (20, "1.2"), (31, "1.3")):
        RateFactory(rate=Decimal(rate), valid_from=datetime.date(2026, 3, day))
    record_report(payment(currency="EUR"))
    assert total() == 12_000


def test_parts_refunded_leave_no_fraction_of_a_foreign_gift() -> None:
    CampaignFactory(starts_on=MARCH.starts_on, ends_on=MARCH.ends_on)
    RateFactory(rate=Decimal("1.0853"))
    record_report(payment(amount=1_001, currency="EUR"))
    for number, part in enumerate((333, 333, 335)):
        record_report(told(Kind.REFUND, str(number), part, currency="EUR"))
    assert total() == 0


def test_drive_in_another_currency_counts_the_gifts_of_its_days() -> None:
    RateFactory(currency="USD", into="EUR", rate=Decimal("0.9"))
    record_report(payment())
    assert total("EUR") == 0
    save_campaign(
        campaign=Campaign(
            label="Frühling", currency="EUR", goal_minor=100, starts_on=MARCH.starts_on,
            ends_on=MARCH.ends_on,
        )
    )  # fmt: skip
    assert total("EUR") == 9_000


@pytest.mark.parametrize(
    ("currency", "into", "rate", "minor", "becomes"),
    [
        ("JPY", "USD", "0.0067", 1_000, 670), ("KWD", "USD", "3.25", 1_234, 401),
        ("USD", "JPY", "149.5", 101, 151), ("USD", "KWD", "0.3", 1, 3), ("EUR", "USD", "1.5", 1, 2),
    ],
)  # fmt: skip
def test_money_is_converted_by_its_digits(
    currency: str, into: str, rate: str, minor: int, becomes: int
) -> None:
    assert convert(minor, currency=currency, into=into, rate=Decimal(rate)) == becomes


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0}, {"amount_minor": -5}, {"amount_minor": None},
        {"amount_minor": 10**12 + 1}, {"currency": "ABC"}, {"currency": "usd"}, {"payment": ""},
        {"payment": "x" * 201}, {"payment": "a\x00"},
    ],
)  # fmt: skip
def test_report_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        record_report(replace(payment(), **change))
    assert not Gift.objects.exists()


# What the database refuses ------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE donations_entry SET amount_minor = 1", "DELETE FROM donations_entry",
        "UPDATE donations_movement SET amount_minor = 1", "DELETE FROM donations_movement",
        "UPDATE donations_conversion SET rate = 1", "DELETE FROM donations_conversion",
        "TRUNCATE donations_entry", "TRUNCATE donations_movement", "TRUNCATE donations_conversion",
        "TRUNCATE donations_gift CASCADE",
    ],
)  # fmt: skip
def test_the_database_keeps_the_ledger(statement: str) -> None:
    CampaignFactory(starts_on=MARCH.starts_on, ends_on=MARCH.ends_on)
    RateFactory()
    record_report(payment(currency="EUR"))
    with connection.cursor() as cursor:
        if "TRUNCATE" in statement:  # tests that commit need it out of the way
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("movement", "conversion", "entry"):
                cursor.execute(
                    f"ALTER TABLE donations_{table} ENABLE TRIGGER {table}_is_kept_whole"
                )
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            cursor.execute(statement)
    assert total("EUR") == 10_000


def test_the_database_refuses_what_counts_twice_or_less_than_nothing() -> None:
    gift, _new = record_report(payment())
    day = MARCH.ends_on
    for number, amount in ((1, 10_000), (2, -10_001), (2, 0)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.create(
                gift=gift, number=number, day=day, currency="USD", amount_minor=amount
            )
    for kind in ("payment", "pending"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Movement.objects.create(
                gift=gift, kind=kind, reference="x", day=day, occurred_at=START, amount_minor=None
            )
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.create(
            gift=gift, kind="payment", reference="p", day=day, occurred_at=START,
            amount_minor=10_000, currency="USD",
        )  # fmt: skip


def test_the_meter_reads_the_index_alone() -> None:
    gift = GiftFactory()
    days = [timezone.localdate() - datetime.timedelta(days=number) for number in range(1_000)]
    Entry.objects.bulk_create(
        Entry(gift=gift, number=100 + number, day=day, currency=currency, amount_minor=1)
        for currency in ("CHF", "EUR")
        for number, day in enumerate(days)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE donations_entry")
        # Until the table is vacuumed, which no test can do, an index saves no look at its rows.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        query, parameters = Campaign.objects.with_raised().query.sql_with_params()
        cursor.execute(f"EXPLAIN {query}", parameters)
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert "Index Only Scan using entry_counted" in plan


# By hand ------------------------------------------------------------------------------------


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chief@example.org", "x")


def test_pending_by_hand_is_confirmed_once(chief: User) -> None:
    gift = GiftFactory(is_pending=True)
    confirm_gift(gift=gift, by=chief)
    assert total() == 10_000
    with pytest.raises(ValidationError):
        confirm_gift(gift=gift, by=chief)


def test_pending_that_never_came_is_reversed(chief: User) -> None:
    gift = GiftFactory(is_pending=True)
    reverse_gift(gift=gift, by=chief)
    assert (total(), gift.standing.status) == (0, Status.FAILED)
    with pytest.raises(ValidationError):
        confirm_gift(gift=gift, by=chief)


def test_parts_are_refunded_until_nothing_is_left(chief: User) -> None:
    gift = GiftFactory()
    refund_gift(gift=gift, by=chief, amount_minor=4_000)
    assert total() == 6_000
    with pytest.raises(ValidationError):
        refund_gift(gift=gift, by=chief, amount_minor=6_001)
    refund_gift(gift=gift, by=chief)
    assert (total(), gift.standing.status) == (0, Status.REFUNDED)
    with pytest.raises(ValidationError):
        reverse_gift(gift=gift, by=chief)


def test_refund_of_a_provider_is_told_by_the_provider(chief: User) -> None:
    gift, _new = record_report(payment())
    with pytest.raises(ValidationError, match="Refund it at Stripe"):
        refund_gift(gift=gift, by=chief)
    assert total() == 10_000


def test_key_of_a_form_enters_one_gift() -> None:
    for _time in range(2):
        GiftFactory(reference="form 1")
    assert total() == 10_000
