"""What the jury was promised, scored and decided is refused to change by PostgreSQL itself."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION incentives_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This row is never changed or deleted.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER incentives_sheetevent_stands BEFORE UPDATE OR DELETE ON incentives_sheetevent
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();
CREATE TRIGGER incentives_tiedecision_stands BEFORE UPDATE OR DELETE ON incentives_tiedecision
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();
CREATE TRIGGER incentives_edition_stands BEFORE UPDATE OR DELETE ON incentives_edition
    FOR EACH ROW WHEN (OLD.declared_at IS NOT NULL) EXECUTE FUNCTION incentives_stands();
CREATE TRIGGER incentives_result_kept BEFORE DELETE ON incentives_result
    FOR EACH ROW EXECUTE FUNCTION incentives_stands();
CREATE TRIGGER incentives_result_stands BEFORE UPDATE ON incentives_result
    FOR EACH ROW WHEN (
        OLD.replaced_at IS NOT NULL OR NEW.replaced_at IS NULL
        OR (to_jsonb(NEW) - 'replaced_at') IS DISTINCT FROM (to_jsonb(OLD) - 'replaced_at')
    ) EXECUTE FUNCTION incentives_stands();

-- Criteria, categories and tiers belong to a wording: they stand with it.
CREATE FUNCTION incentives_part_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (
        SELECT 1 FROM incentives_edition WHERE id = OLD.edition_id AND declared_at IS NOT NULL
    ) OR TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM incentives_edition WHERE id = NEW.edition_id AND declared_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The method was declared.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER incentives_criterion_stands BEFORE INSERT OR UPDATE OR DELETE ON incentives_criterion
    FOR EACH ROW EXECUTE FUNCTION incentives_part_stands();
CREATE TRIGGER incentives_category_stands BEFORE INSERT OR UPDATE OR DELETE ON incentives_category
    FOR EACH ROW EXECUTE FUNCTION incentives_part_stands();
CREATE TRIGGER incentives_awardtier_stands BEFORE INSERT OR UPDATE OR DELETE ON incentives_awardtier
    FOR EACH ROW EXECUTE FUNCTION incentives_part_stands();

-- A share of the competition's row makes saving and locking wait for each other.
CREATE FUNCTION incentives_is_locked(competition bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE locked timestamptz;
BEGIN
    SELECT locked_at INTO locked FROM incentives_competition WHERE id = competition FOR SHARE;
    RETURN locked IS NOT NULL;
END $$;

CREATE FUNCTION incentives_sheet_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER incentives_scoresheet_open BEFORE INSERT OR UPDATE OR DELETE ON incentives_scoresheet
    FOR EACH ROW EXECUTE FUNCTION incentives_sheet_is_open();

CREATE FUNCTION incentives_score_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sheet incentives_scoresheet; criterion incentives_criterion;
BEGIN
    SELECT * INTO sheet FROM incentives_scoresheet
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
    IF sheet.state IN ('submitted', 'recused', 'abstained') OR incentives_is_locked(sheet.competition_id) THEN
        RAISE EXCEPTION 'This sheet is closed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    SELECT * INTO criterion FROM incentives_criterion WHERE id = NEW.criterion_id;
    IF criterion.edition_id <> sheet.edition_id OR NEW.value < criterion.lowest OR NEW.value > criterion.highest THEN
        RAISE EXCEPTION 'This score is not of the scale.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incentives_score_fits BEFORE INSERT OR UPDATE OR DELETE ON incentives_score
    FOR EACH ROW EXECUTE FUNCTION incentives_score_fits();
"""
ALLOW = """
DROP TRIGGER incentives_score_fits ON incentives_score;
DROP FUNCTION incentives_score_fits();
DROP TRIGGER incentives_scoresheet_open ON incentives_scoresheet;
DROP FUNCTION incentives_sheet_is_open();
DROP FUNCTION incentives_is_locked(bigint);
DROP TRIGGER incentives_awardtier_stands ON incentives_awardtier;
DROP TRIGGER incentives_category_stands ON incentives_category;
DROP TRIGGER incentives_criterion_stands ON incentives_criterion;
DROP FUNCTION incentives_part_stands();
DROP TRIGGER incentives_result_stands ON incentives_result;
DROP TRIGGER incentives_result_kept ON incentives_result;
DROP TRIGGER incentives_edition_stands ON incentives_edition;
DROP TRIGGER incentives_tiedecision_stands ON incentives_tiedecision;
DROP TRIGGER incentives_sheetevent_stands ON incentives_sheetevent;
DROP FUNCTION incentives_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("incentives", "0001_competitions")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
