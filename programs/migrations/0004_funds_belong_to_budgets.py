"""The programme points to the fund in its new home; the database keeps its key and its constraint."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_documents_that_a_programme_asks"), ("budgets", "0001_funds")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="program",
                    name="fund_source",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="budgets.fundsource",
                        verbose_name="fund source",
                    ),
                ),
                migrations.DeleteModel(name="FundSource"),
            ],
        )
    ]
