import django.db.models.deletion
from django.db import migrations, models

import kit.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_trail_is_found_by_time"),
        ("budgets", "0001_funds"),
        ("programs", "0007_rollout_plans_and_holidays"),
        ("regions", "0002_regions_and_their_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="SelectionTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.JSONField(default=dict)),
                ("seed", kit.crypto.EncryptedTextField(blank=True, null=True)),
                ("seed_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("declared_at", models.DateTimeField()),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="declared_terms", to="programs.batch"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seed__isnull", True), ("seed_hash", "")),
                            models.Q(("seed__isnull", False), ("seed_hash__regex", "^[0-9a-f]{64}$")),
                            _connector="OR",
                        ),
                        name="selection_terms_seed_with_hash",
                        violation_error_message="A seed and its hash belong together.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="selected_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="result frozen at"),
        ),
        migrations.AddField(
            model_name="batch",
            name="selection_method",
            field=models.CharField(
                choices=[
                    ("first_come", "First come, first served"),
                    ("points", "Points for priority groups"),
                    ("draw", "Draw that anybody can check"),
                ],
                db_default="first_come",
                default="first_come",
                editable=False,
                max_length=20,
                verbose_name="selection",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="business_kinds",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="kinds of business, one a line"),
        ),
        migrations.AddField(
            model_name="program",
            name="business_list",
            field=models.CharField(
                choices=[
                    ("none", "Not asked"),
                    ("kbli", "Divisions of industry (KBLI)"),
                    ("own", "A list of the programme's own"),
                ],
                db_default="none",
                default="none",
                max_length=10,
                verbose_name="kind of business",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="selection_terms",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AlterField(
            model_name="program",
            name="selection_method",
            field=models.CharField(
                choices=[
                    ("first_come", "First come, first served"),
                    ("points", "Points for priority groups"),
                    ("draw", "Draw that anybody can check"),
                ],
                default="first_come",
                max_length=20,
                verbose_name="selection",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("selection_method__in", ["first_come", "points", "draw"])),
                name="batch_selection_method_known",
                violation_error_message="Seats go to who comes first, by points, or by a draw.",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("selected_at__isnull", True), ("selection_method", "first_come")),
                    models.Q(
                        models.Q(("selection_method", "first_come"), _negated=True),
                        models.Q(
                            models.Q(
                                ("selected_at__gte", models.F("registration_closes_at")), ("selected_at__isnull", False)
                            ),
                            models.Q(
                                ("seats_held", 0),
                                ("seats_offered", 0),
                                ("selected_at__isnull", True),
                                ("waiting_count", 0),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="batch_seats_follow_the_selection",
                violation_error_message="Seats are given by the result, which is frozen after registration closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("selection_method__in", ["first_come", "points", "draw"])),
                name="program_selection_method_known",
                violation_error_message="Seats go to who comes first, by points, or by a draw.",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("business_list__in", ["none", "kbli"]),
                    models.Q(("business_list", "own"), models.Q(("business_kinds", ""), _negated=True)),
                    _connector="OR",
                ),
                name="program_own_list_has_kinds",
                violation_error_message="A list of the programme's own needs at least one kind of business.",
            ),
        ),
    ]
