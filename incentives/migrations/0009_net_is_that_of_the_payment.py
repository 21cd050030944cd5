from django.db import migrations


class Migration(migrations.Migration):
    """A payment that came back and was made again left the report with the sum of the first one."""

    dependencies = [("incentives", "0008_closed_files_stand")]

    operations = [migrations.RemoveField(model_name="usereport", name="net")]
