import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0024_business_names"),
        ("programs", "0013_one_participant_of_a_household"),
        ("regions", "0002_regions_and_their_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_anonymised_holds_nothing",
        ),
        migrations.AddField(
            model_name="registration",
            name="household_hash",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="registration",
            name="household_program",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programs.program",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("household_program__isnull", False)),
                fields=["household_program", "household_hash"],
                name="registration_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("seat__in", ("held", "waiting", "offered", "applied")), ("check_state", "verified")
                ),
                fields=("household_program", "household_hash"),
                name="registration_household_verified_once",
                violation_error_message="Another entry of the same family card (KK) is verified already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("household_hash", ""), ("household_program__isnull", True)),
                    models.Q(("household_hash__regex", "^[0-9a-f]{64}$"), ("household_program__isnull", False)),
                    _connector="OR",
                ),
                name="registration_household_formed",
                violation_error_message="The comparison value of a family card stands with its programme.",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anonymised_at__isnull", True),
                    models.Q(
                        ("address", ""),
                        ("email", ""),
                        ("full_name", "(data dihapus)"),
                        ("name_key", ""),
                        ("nik_last4", "0000"),
                        ("occupation", ""),
                        ("phone", ""),
                        ("rt", ""),
                        ("rw", ""),
                        ("business_name", ""),
                        ("household_hash", ""),
                    ),
                    _connector="OR",
                ),
                name="registration_anonymised_holds_nothing",
                violation_error_message="An entry made anonymous keeps neither name, number, contact nor address.",
            ),
        ),
    ]
