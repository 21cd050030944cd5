from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_signatures")]

    operations = [
        migrations.RemoveConstraint(model_name="document", name="documents_document_revoked_why"),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=(Q(status="revoked", revoked_at__isnull=False) & ~Q(reason=""))
                | (~Q(status="revoked") & Q(revoked_at__isnull=True, revoked_by__isnull=True)),
                name="documents_document_revoked_why",
                violation_error_message="A revoked paper says when and why.",
            ),
        ),
    ]
