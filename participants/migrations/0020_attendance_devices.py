import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """No device stands in any table yet: the rows came with the migration before, the pages come with this one."""

    dependencies = [
        ("participants", "0019_what_is_new_to_the_finder"),
        ("programs", "0012_attendance"),
    ]

    operations = [
        migrations.AddField(
            model_name="attendancedevice",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, unique=True),
        ),
        migrations.AddField(
            model_name="attendancedevice",
            name="sessions",
            field=models.ManyToManyField(blank=True, related_name="+", to="programs.session"),
        ),
        migrations.AddField(
            model_name="attendancedevice",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attendancedevice",
            name="clock_seconds",
            field=models.IntegerField(blank=True, null=True),
        ),
    ]
