from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0012_attendance")]

    operations = [
        migrations.AddField(
            "program",
            "one_per_household",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Residents are asked for the number of their family card; only a comparison value of it is kept.",
                verbose_name="one participant per family card (KK)",
            ),
        ),
    ]
