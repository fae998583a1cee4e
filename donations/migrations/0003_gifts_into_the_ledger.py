from django.db import migrations

# A gift's row held its money; now movements tell of it, and entries count it.
FORWARD = """
UPDATE donations_gift SET provider = 'hand', reference = 'hand-' || id;
INSERT INTO donations_movement
    (gift_id, kind, reference, amount_minor, currency, occurred_at, day, entered_by_id, recorded_at)
SELECT id, CASE status WHEN 'pending' THEN 'pending' ELSE 'payment' END, reference, amount_minor,
    currency, (received_on + time '12:00') AT TIME ZONE 'UTC', received_on, entered_by_id, entered_at
FROM donations_gift
UNION ALL
SELECT id, 'refund', reference || '-refund', amount_minor, currency,
    (received_on + time '12:00') AT TIME ZONE 'UTC', received_on, entered_by_id, entered_at
FROM donations_gift WHERE status = 'refunded';
INSERT INTO donations_entry (gift_id, number, day, currency, amount_minor, posted_at)
SELECT id, 1, received_on, currency, amount_minor, now()
FROM donations_gift WHERE status = 'received';
"""
BACKWARD = """
UPDATE donations_gift g SET
    amount_minor = coalesce(nullif(kept.total, 0), told.amount_minor),
    currency = told.currency,
    received_on = told.day,
    status = CASE WHEN told.kind = 'pending' THEN 'pending' WHEN kept.total > 0 THEN 'received'
        ELSE 'refunded' END
FROM (
    SELECT DISTINCT ON (gift_id) * FROM donations_movement WHERE kind IN ('payment', 'pending')
    ORDER BY gift_id, kind = 'pending', occurred_at, reference
) told
LEFT JOIN LATERAL (
    SELECT sum(amount_minor) AS total FROM donations_entry e
    WHERE e.gift_id = told.gift_id AND e.currency = told.currency
) kept ON true
WHERE g.id = told.gift_id;
DELETE FROM donations_entry;
DELETE FROM donations_conversion;
DELETE FROM donations_movement;
DELETE FROM donations_gift WHERE amount_minor IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0002_ledger'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
