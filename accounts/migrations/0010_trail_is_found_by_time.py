from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_ways_into_the_trail")]

    operations = [
        migrations.RemoveIndex(model_name="auditentry", name="accounts_audit_at"),
        migrations.AddIndex(model_name="auditentry", index=models.Index(fields=["at"], name="accounts_audit_at")),
    ]
