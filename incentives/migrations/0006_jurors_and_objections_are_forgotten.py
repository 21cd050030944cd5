from django.db import migrations, models

# Words may leave a locked sheet and its history, and nothing else may: scores, states and times stand.
ALLOW = """
CREATE OR REPLACE FUNCTION incentives_sheet_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.note IS NULL AND (to_jsonb(NEW) - 'note') = (to_jsonb(OLD) - 'note') THEN
        RETURN NEW;
    END IF;
    IF incentives_is_locked(CASE WHEN TG_OP = 'DELETE' THEN OLD.competition_id ELSE NEW.competition_id END) THEN
        RAISE EXCEPTION 'The result is locked.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'submitted' AND (
        SELECT count(*) FROM incentives_score WHERE sheet_id = NEW.id
    ) < (
        SELECT count(*) FROM incentives_criterion WHERE edition_id = NEW.edition_id
    ) THEN
        RAISE EXCEPTION 'A submitted sheet has every score.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER incentives_sheetevent_stands ON incentives_sheetevent;
CREATE TRIGGER incentives_sheetevent_kept BEFORE DELETE ON incentives_sheetevent
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();
CREATE TRIGGER incentives_sheetevent_stands BEFORE UPDATE ON incentives_sheetevent
    FOR EACH ROW WHEN (
        OLD.kind NOT IN ('recused', 'abstained') OR NEW.reason <> '(data dihapus)'
        OR (to_jsonb(NEW) - 'reason') IS DISTINCT FROM (to_jsonb(OLD) - 'reason')
    ) EXECUTE FUNCTION incentives_stands();
"""
REFUSE = """
DROP TRIGGER incentives_sheetevent_stands ON incentives_sheetevent;
DROP TRIGGER incentives_sheetevent_kept ON incentives_sheetevent;
CREATE TRIGGER incentives_sheetevent_stands BEFORE UPDATE OR DELETE ON incentives_sheetevent
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();
CREATE OR REPLACE FUNCTION incentives_sheet_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF incentives_is_locked(CASE WHEN TG_OP = 'DELETE' THEN OLD.competition_id ELSE NEW.competition_id END) THEN
        RAISE EXCEPTION 'The result is locked.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'submitted' AND (
        SELECT count(*) FROM incentives_score WHERE sheet_id = NEW.id
    ) < (
        SELECT count(*) FROM incentives_criterion WHERE edition_id = NEW.edition_id
    ) THEN
        RAISE EXCEPTION 'A submitted sheet has every score.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("incentives", "0005_copies_are_seen")]

    operations = [
        migrations.AddField("juror", "forgotten_at", models.DateTimeField(null=True)),
        migrations.AddField("objection", "forgotten_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "juror",
            models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True)
                | models.Q(phone__isnull=True, email__isnull=True, token_hash__isnull=True, region__isnull=True)
                & models.Q(nik_hash="", business_key=""),
                name="juror_forgotten_is_empty",
                violation_error_message="Of a juror who was forgotten no contact and no identity is kept.",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True) | ~models.Q(state="open"),
                name="objection_forgotten_after_answer",
                violation_error_message="An objection is answered before its words go.",
            ),
        ),
        migrations.RunSQL(ALLOW, REFUSE),
    ]
