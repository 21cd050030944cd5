"""Also the reason for taking a mark back may name somebody; it needs some words, so those that say they were erased."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION participants_mark_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND {allowed}
        AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A mark of attendance is never changed.' USING ERRCODE = 'restrict_violation';
END $$;
"""
BEFORE = "NEW.note = '' AND NEW.kind <> 'revoked'"
AFTER = "(NEW.note = '(data dihapus)' OR NEW.note = '' AND NEW.kind <> 'revoked')"


class Migration(migrations.Migration):
    dependencies = [("participants", "0020_attendance_devices")]

    operations = [migrations.RunSQL(FUNCTION.format(allowed=AFTER), FUNCTION.format(allowed=BEFORE))]
