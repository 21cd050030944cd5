"""Awards that ended before their certificates ended with them."""

from django.db import migrations

REVOKE = """
WITH ended AS (
    UPDATE documents_document d
    SET status = 'revoked', revoked_at = now(), reason = left(a.ended_reason, 250)
    FROM incentives_award a
    WHERE d.kind = 'award_certificate' AND d.subject = 'award:' || a.id AND a.ended_at IS NOT NULL
      AND d.status IN ('issued', 'signed')
    RETURNING d.id, d.agency_id, d.region_id, d.number, d.reason, d.subject
)
INSERT INTO accounts_auditentry (
    at, actor_label, role, agency_id, region_code, action, object_type, object_id, subject_type, subject_id, purpose,
    changes, request_id
)
SELECT now(), 'system', '', agency_id, coalesce(region_id, ''), 'paper.revoked', 'documents.document', id::text, '', '', '',
       jsonb_build_object('number', number, 'reason', reason, 'subject', subject), ''
FROM ended;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_count_of_consent_editions"),
        ("documents", "0005_revoked_by_nobody_with_an_account"),
        ("incentives", "0010_breaks_are_kept_as_typed"),
    ]

    operations = [migrations.RunSQL(REVOKE, migrations.RunSQL.noop)]
