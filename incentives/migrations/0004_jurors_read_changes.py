from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incentives", "0003_editions_hold_dates")]

    operations = [migrations.AddField("juror", "method_read_at", models.DateTimeField(null=True))]
