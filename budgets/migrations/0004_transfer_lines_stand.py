"""What was approved for a transfer is refused to change by PostgreSQL itself; only its outcome is written, once."""

from django.db import migrations

# `number` may be encrypted anew under another key; its hash says that it is the same.
REFUSE = """
CREATE FUNCTION budgets_transferline_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A line of a transfer list is never changed or deleted.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER budgets_transferline_kept BEFORE DELETE ON budgets_transferline
    FOR EACH ROW EXECUTE FUNCTION budgets_transferline_stands();
CREATE TRIGGER budgets_transferline_stands BEFORE UPDATE ON budgets_transferline
    FOR EACH ROW WHEN (
        (to_jsonb(NEW) - '{number,state,paid_on,document,reason}'::text[])
            IS DISTINCT FROM (to_jsonb(OLD) - '{number,state,paid_on,document,reason}'::text[])
        OR (OLD.state IN ('failed', 'returned', 'dropped')
            AND (to_jsonb(NEW) - 'number') IS DISTINCT FROM (to_jsonb(OLD) - 'number'))
        OR (OLD.state = 'paid' AND NEW.state NOT IN ('paid', 'returned'))
    ) EXECUTE FUNCTION budgets_transferline_stands();
"""
ALLOW = """
DROP TRIGGER budgets_transferline_stands ON budgets_transferline;
DROP TRIGGER budgets_transferline_kept ON budgets_transferline;
DROP FUNCTION budgets_transferline_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0003_transfer_lists")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
