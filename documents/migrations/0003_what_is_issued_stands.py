from django.db import migrations

REFUSE = """
CREATE FUNCTION documents_document_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'documents_document: what was issued is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.agency_id, NEW.kind, NEW.scope, NEW.subject, NEW.label, NEW.number, NEW.date, NEW.edition, NEW.token,
        NEW.layout_id, NEW.issued_at, NEW.issued_by_id)
       IS DISTINCT FROM
       (OLD.agency_id, OLD.kind, OLD.scope, OLD.subject, OLD.label, OLD.number, OLD.date, OLD.edition, OLD.token,
        OLD.layout_id, OLD.issued_at, OLD.issued_by_id)
       OR NEW.sequence_id IS DISTINCT FROM OLD.sequence_id OR NEW.position IS DISTINCT FROM OLD.position
       OR (OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256)
       OR (OLD.status IN ('revoked', 'replaced') AND NEW.status <> OLD.status) THEN
        RAISE EXCEPTION 'documents_document: what stands on a paper never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER documents_document_stands
    BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_document_stands();

CREATE FUNCTION documents_numbersequence_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.last < OLD.last OR (NEW.first <> OLD.first AND OLD.last >= OLD.first) THEN
        RAISE EXCEPTION 'documents_numbersequence: numbers only go forward' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER documents_numbersequence_forward
    BEFORE UPDATE OR DELETE ON documents_numbersequence
    FOR EACH ROW EXECUTE FUNCTION documents_numbersequence_forward();
"""

ALLOW = """
DROP TRIGGER documents_document_stands ON documents_document;
DROP FUNCTION documents_document_stands();
DROP TRIGGER documents_numbersequence_forward ON documents_numbersequence;
DROP FUNCTION documents_numbersequence_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_papers_and_numbers")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
