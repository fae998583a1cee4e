from django.db import migrations, models

GUARD = """
CREATE FUNCTION donations_keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is never changed: % of % is refused.', TG_OP, TG_TABLE_NAME;
END $$;
CREATE FUNCTION donations_count_no_less_than_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM donations_entry e
        WHERE (e.gift_id, e.currency) IN (SELECT gift_id, currency FROM entered)
        GROUP BY e.gift_id, e.currency, e.day HAVING sum(e.amount_minor) < 0
    ) THEN
        RAISE EXCEPTION 'A gift would count less than nothing.';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_counts_something AFTER INSERT ON donations_entry
    REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION donations_count_no_less_than_nothing();
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON donations_{table}
    FOR EACH ROW EXECUTE FUNCTION donations_keep_ledger();
CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON donations_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION donations_keep_ledger();
"""
    for table in ("movement", "conversion", "entry")
)
UNGUARD = "".join(
    f"""
DROP TRIGGER {table}_is_kept ON donations_{table};
DROP TRIGGER {table}_is_kept_whole ON donations_{table};
"""
    for table in ("movement", "conversion", "entry")
) + """
DROP TRIGGER entry_counts_something ON donations_entry;
DROP FUNCTION donations_count_no_less_than_nothing();
DROP FUNCTION donations_keep_ledger();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0003_gifts_into_the_ledger'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='gift',
            name='gift_has_amount',
        ),
        migrations.RemoveIndex(
            model_name='gift',
            name='gift_counted',
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.UniqueConstraint(fields=('provider', 'reference'), name='gift_once'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='gift_has_reference'),
        ),
        migrations.RemoveField(
            model_name='gift',
            name='amount_minor',
        ),
        migrations.RemoveField(
            model_name='gift',
            name='currency',
        ),
        migrations.RemoveField(
            model_name='gift',
            name='received_on',
        ),
        migrations.RemoveField(
            model_name='gift',
            name='status',
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
