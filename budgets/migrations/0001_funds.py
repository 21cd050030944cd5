"""Funds move here from programmes, with their rows: only the table's name changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0010_trail_is_found_by_time"), ("programs", "0003_documents_that_a_programme_asks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="FundSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=30, verbose_name="code")),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="fiscal year")),
                        ("legal_basis", models.CharField(blank=True, max_length=200, verbose_name="legal basis")),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fund_sources",
                                to="accounts.agency",
                                verbose_name="agency",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fund source",
                        "verbose_name_plural": "fund sources",
                        "ordering": ("-fiscal_year", "name"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agency", "code", "fiscal_year"),
                                name="fund_source_once_a_year",
                                violation_error_message="This fund source exists already in that fiscal year.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fiscal_year__gte", 2000), ("fiscal_year__lte", 2100)),
                                name="fund_source_year_plausible",
                                violation_error_message="Please enter a fiscal year between 2000 and 2100.",
                            ),
                        ],
                    },
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE programs_fundsource RENAME TO budgets_fundsource",
                    "ALTER TABLE budgets_fundsource RENAME TO programs_fundsource",
                )
            ],
        )
    ]
