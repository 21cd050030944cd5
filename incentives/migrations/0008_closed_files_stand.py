"""What was noted of money that arrived becomes an answer; a closed file is refused to change by PostgreSQL itself."""

from django.db import migrations

# Who noted it stands in the trail.
CARRY = """
INSERT INTO incentives_receiptcheck (
    award_id, net, paid_on, document, asked_at, answer, way, answered_by_id, answered_at, first_answered_at, revision,
    outcome
)
SELECT a.id, p.gross - p.tax, p.paid_on, p.document, a.receipt_confirmed_at, 'all', 'phone', noted.actor_id,
       a.receipt_confirmed_at, a.receipt_confirmed_at, 1, ''
FROM incentives_award a
JOIN budgets_payment p ON p.id = a.payment_id AND p.state = 'paid'
JOIN LATERAL (
    SELECT t.actor_id FROM accounts_auditentry t
    WHERE t.action = 'award.receipt_confirmed' AND t.object_id = a.id::text AND t.actor_id IS NOT NULL
    ORDER BY t.id LIMIT 1
) noted ON true
WHERE a.receipt_confirmed_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""
REFUSE = """
CREATE TRIGGER incentives_sampledraw_stands BEFORE UPDATE OR DELETE ON incentives_sampledraw
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();
CREATE TRIGGER incentives_filestep_stands BEFORE UPDATE OR DELETE ON incentives_filestep
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();

CREATE FUNCTION incentives_file_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The file of this competition is closed.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER incentives_competition_closed BEFORE UPDATE ON incentives_competition
    FOR EACH ROW WHEN (
        OLD.finished_at IS NOT NULL
        AND (to_jsonb(NEW) - '{state,finished_at}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{state,finished_at}'::text[])
    ) EXECUTE FUNCTION incentives_file_is_closed();
CREATE TRIGGER incentives_competition_kept BEFORE DELETE ON incentives_competition
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION incentives_file_is_closed();

-- A share of the competition's row makes a change and the closing wait for each other.
CREATE FUNCTION incentives_file_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE finished timestamptz;
BEGIN
    SELECT finished_at INTO finished FROM incentives_competition
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.competition_id ELSE NEW.competition_id END FOR SHARE;
    IF finished IS NOT NULL THEN
        RAISE EXCEPTION 'The file of this competition is closed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER incentives_award_file BEFORE INSERT OR UPDATE OR DELETE ON incentives_award
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_result_file BEFORE INSERT OR UPDATE ON incentives_result
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_tiedecision_file BEFORE INSERT ON incentives_tiedecision
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_sampledraw_file BEFORE INSERT ON incentives_sampledraw
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_edition_file BEFORE INSERT ON incentives_edition
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_objection_file BEFORE INSERT ON incentives_objection
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
-- Names and words may still be forgotten.
CREATE TRIGGER incentives_objection_file_state BEFORE UPDATE ON incentives_objection
    FOR EACH ROW WHEN (
        (OLD.state, OLD.answered_at, OLD.answered_by_id) IS DISTINCT FROM (NEW.state, NEW.answered_at, NEW.answered_by_id)
    ) EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_juror_file BEFORE INSERT OR DELETE ON incentives_juror
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
CREATE TRIGGER incentives_entry_file BEFORE INSERT OR DELETE ON incentives_entry
    FOR EACH ROW EXECUTE FUNCTION incentives_file_is_open();
-- Without a share: whoever runs the stage holds the entry already, and takes the competition never.
CREATE FUNCTION incentives_entry_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM incentives_competition WHERE id = OLD.competition_id AND finished_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The file of this competition is closed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incentives_entry_file_state BEFORE UPDATE ON incentives_entry
    FOR EACH ROW WHEN (
        (OLD.competition_id, OLD.state, OLD.category, OLD.code, OLD.position, OLD.absent_at, OLD.pitch_ended_at)
        IS DISTINCT FROM
        (NEW.competition_id, NEW.state, NEW.category, NEW.code, NEW.position, NEW.absent_at, NEW.pitch_ended_at)
    ) EXECUTE FUNCTION incentives_entry_is_open();

CREATE FUNCTION incentives_receipt_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE finished timestamptz;
BEGIN
    SELECT c.finished_at INTO finished FROM incentives_competition c JOIN incentives_award a ON a.competition_id = c.id
        WHERE a.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END FOR SHARE OF c;
    IF finished IS NOT NULL THEN
        RAISE EXCEPTION 'The file of this competition is closed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER incentives_receiptcheck_file BEFORE INSERT OR DELETE ON incentives_receiptcheck
    FOR EACH ROW EXECUTE FUNCTION incentives_receipt_is_open();
CREATE TRIGGER incentives_receiptcheck_file_state BEFORE UPDATE ON incentives_receiptcheck
    FOR EACH ROW WHEN (
        (to_jsonb(NEW) - '{words,outcome_note}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{words,outcome_note}'::text[])
    ) EXECUTE FUNCTION incentives_receipt_is_open();
"""
TRIGGERS = {
    "receiptcheck": ("file_state", "file"),
    "entry": ("file_state", "file"),
    "juror": ("file",),
    "objection": ("file_state", "file"),
    "edition": ("file",),
    "sampledraw": ("file", "stands"),
    "tiedecision": ("file",),
    "result": ("file",),
    "award": ("file",),
    "competition": ("kept", "closed"),
    "filestep": ("stands",),
}
ALLOW = "".join(
    f"DROP TRIGGER incentives_{table}_{name} ON incentives_{table};\n"
    for table, names in TRIGGERS.items()
    for name in names
) + "".join(
    f"DROP FUNCTION incentives_{name}();\n"
    for name in ("receipt_is_open", "entry_is_open", "file_is_open", "file_is_closed")
)


class Migration(migrations.Migration):
    dependencies = [("incentives", "0007_after_the_award")]

    operations = [
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="award", name="receipt_confirmed_at"),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
