import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kit.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0011_selections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JobSeekerCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", kit.crypto.EncryptedTextField()),
                ("number_hash", models.CharField(editable=False, max_length=64)),
                ("number_last4", models.CharField(editable=False, max_length=4)),
                ("issued_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employed", "Found work"),
                            ("self_employed", "Runs a business of their own"),
                            ("renewed", "Followed by a new card"),
                            ("expired", "Ran out, not renewed"),
                            ("mistake", "Noted by mistake"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="job_cards", to="participants.person"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "job seeker card",
                "verbose_name_plural": "job seeker cards",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("person",),
                        name="job_card_once_in_force",
                        violation_error_message="This person holds a card already. End it first, or note the new one as its renewal.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("number_hash",),
                        name="job_card_number_once_in_force",
                        violation_error_message="This number is noted for another person. Please look at the card again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number_hash__regex", "^[0-9a-f]{64}$"), ("number_last4__regex", "^.{1,4}$")
                        ),
                        name="job_card_number_formed",
                        violation_error_message="The number of the card was not stored correctly.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gt", models.F("issued_on"))),
                        name="job_card_expires_after_issue",
                        violation_error_message="A card runs out after the day on which it was issued.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_by__isnull", True), ("ended_on__isnull", True)),
                            models.Q(
                                ("ended_by__isnull", False),
                                ("ended_on__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="job_card_end_whole",
                        violation_error_message="The end of a card has a day, a reason and who noted it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("reported_on", models.DateField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="participants.jobseekercard",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of a job seeker card",
                "verbose_name_plural": "reports of job seeker cards",
                "ordering": ("due_on",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("card", "number"),
                        name="card_report_once_per_number",
                        violation_error_message="This report is on the card already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("noted_at__isnull", True), ("noted_by__isnull", True), ("reported_on__isnull", True)
                            ),
                            models.Q(
                                ("noted_at__isnull", False), ("noted_by__isnull", False), ("reported_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="card_report_noted_whole",
                        violation_error_message="A report has a day and who noted it.",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("reported_on__isnull", True)), fields=["due_on"], name="card_report_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proxy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("family", "Member of the family"),
                            ("cadre", "Cadre, RT or RW"),
                            ("neighbour", "Neighbour or friend"),
                            ("companion", "Companion of a person with a disability"),
                        ],
                        max_length=20,
                    ),
                ),
                ("full_name", models.CharField(max_length=100)),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proxy",
                        to="participants.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "who came for the resident",
                "verbose_name_plural": "who came for residents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("relation__in", ["family", "cadre", "neighbour", "companion"]),
                            models.Q(("full_name", ""), _negated=True),
                        ),
                        name="proxy_names_who_came",
                        violation_error_message="Who came for the resident has a name and a relation.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardPreparation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("id_card", "Copy of the identity card (KTP)"),
                                ("photo", "Photo 3x4, a file and two prints"),
                                ("diploma", "Copy of the last diploma"),
                                ("contact", "Own telephone number and e-mail address that work"),
                                ("account", "Account in SIAPkerja, opened by the person"),
                                ("certificate", "Certificate of competence or training"),
                                ("work_letter", "Letter of work experience"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("sheet", kit.crypto.EncryptedTextField(null=True)),
                ("updated_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="card_preparation",
                        to="participants.person",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sheet__isnull", False)),
                        fields=["updated_at"],
                        name="card_preparation_answers",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "items__contained_by",
                                ["id_card", "photo", "diploma", "contact", "account", "certificate", "work_letter"],
                            )
                        ),
                        name="card_preparation_items_known",
                        violation_error_message="This document does not exist on the list.",
                    )
                ],
            },
        ),
    ]
