"""Officials, their positions and periods, and the heads of papers."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0010_trail_is_found_by_time"),
        ("jobs", "0002_signs_of_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Official",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_prefix", models.CharField(blank=True, max_length=40, verbose_name="title before the name")),
                ("full_name", models.CharField(max_length=100, verbose_name="full name")),
                ("title_suffix", models.CharField(blank=True, max_length=60, verbose_name="title after the name")),
                ("nip", models.CharField(blank=True, max_length=18, verbose_name="NIP")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("I/a", "I/a"),
                            ("I/b", "I/b"),
                            ("I/c", "I/c"),
                            ("I/d", "I/d"),
                            ("II/a", "II/a"),
                            ("II/b", "II/b"),
                            ("II/c", "II/c"),
                            ("II/d", "II/d"),
                            ("III/a", "III/a"),
                            ("III/b", "III/b"),
                            ("III/c", "III/c"),
                            ("III/d", "III/d"),
                            ("IV/a", "IV/a"),
                            ("IV/b", "IV/b"),
                            ("IV/c", "IV/c"),
                            ("IV/d", "IV/d"),
                            ("IV/e", "IV/e"),
                            ("I", "I"),
                            ("II", "II"),
                            ("III", "III"),
                            ("IV", "IV"),
                            ("V", "V"),
                            ("VI", "VI"),
                            ("VII", "VII"),
                            ("VIII", "VIII"),
                            ("IX", "IX"),
                            ("X", "X"),
                            ("XI", "XI"),
                            ("XII", "XII"),
                            ("XIII", "XIII"),
                            ("XIV", "XIV"),
                            ("XV", "XV"),
                            ("XVI", "XVI"),
                            ("XVII", "XVII"),
                        ],
                        max_length=5,
                        verbose_name="grade",
                    ),
                ),
                ("rank", models.CharField(blank=True, max_length=60, verbose_name="rank")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officials",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officials",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "official",
                "verbose_name_plural": "officials",
                "ordering": ["full_name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("nip", ""), _negated=True),
                        fields=("agency", "nip"),
                        name="documents_official_nip_once",
                        violation_error_message="Another official of this office has this NIP.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "user"),
                        name="documents_official_user_once",
                        violation_error_message="This account belongs to another official already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nip", ""), ("nip__regex", "^[0-9]{18}$"), _connector="OR"),
                        name="documents_official_nip_has_18_digits",
                        violation_error_message="A NIP has 18 digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade", ""),
                            (
                                "grade__in",
                                (
                                    "I/a",
                                    "I/b",
                                    "I/c",
                                    "I/d",
                                    "II/a",
                                    "II/b",
                                    "II/c",
                                    "II/d",
                                    "III/a",
                                    "III/b",
                                    "III/c",
                                    "III/d",
                                    "IV/a",
                                    "IV/b",
                                    "IV/c",
                                    "IV/d",
                                    "IV/e",
                                    "I",
                                    "II",
                                    "III",
                                    "IV",
                                    "V",
                                    "VI",
                                    "VII",
                                    "VIII",
                                    "IX",
                                    "X",
                                    "XI",
                                    "XII",
                                    "XIII",
                                    "XIV",
                                    "XV",
                                    "XVI",
                                    "XVII",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="documents_official_grade_known",
                        violation_error_message="Choose a grade of the list.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("agency_head", "Head of the office"),
                            ("secretary", "Secretary"),
                            ("division_head", "Head of a division"),
                            ("budget_authority", "Budget authority (PA or KPA)"),
                            ("activity_officer", "Activity officer (PPTK)"),
                            ("treasurer", "Treasurer"),
                            ("committee_chair", "Head of a committee"),
                            ("other", "Another position"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title as it is printed")),
                ("closed", models.BooleanField(default=False, verbose_name="no longer in use")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "position",
                "verbose_name_plural": "positions",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "title"),
                        name="documents_position_title_once",
                        violation_error_message="This position exists already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "agency_head",
                                    "secretary",
                                    "division_head",
                                    "budget_authority",
                                    "activity_officer",
                                    "treasurer",
                                    "committee_chair",
                                    "other",
                                ],
                            )
                        ),
                        name="documents_position_kind_known",
                        violation_error_message="Choose a kind of the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="documents_position_has_title",
                        violation_error_message="A position has a title.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kinds of papers",
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period")),
                ("decree", models.CharField(blank=True, max_length=160, verbose_name="decree or order")),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.position",
                        verbose_name="who signs",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="documents.position",
                        verbose_name="in the name of",
                    ),
                ),
                (
                    "via",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.position",
                        verbose_name="through (u.b.)",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandate",
                "verbose_name_plural": "mandates",
                "ordering": ["-during", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deputy", models.F("position")), _negated=True),
                            models.Q(
                                ("via__isnull", True),
                                models.Q(
                                    models.Q(("via", models.F("position")), _negated=True),
                                    models.Q(("via", models.F("deputy")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="documents_mandate_of_another",
                        violation_error_message="Choose different positions: nobody signs in the own name by a mandate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False), ("during__lower_inf", False)),
                        name="documents_mandate_has_first_day",
                        violation_error_message="A period has a first day, and its last day is not before it.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("position", "="), ("deputy", "="), ("during", "&&")],
                        name="documents_mandate_once",
                        violation_error_message="This mandate exists already in that period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tenure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("definitive", "definitive"),
                            ("plt", "Plt., the position is vacant"),
                            ("plh", "Plh., the holder is away"),
                        ],
                        default="definitive",
                        max_length=12,
                        verbose_name="form",
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period")),
                ("decree", models.CharField(blank=True, max_length=160, verbose_name="decree or order")),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenures",
                        to="documents.official",
                        verbose_name="official",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenures",
                        to="documents.position",
                        verbose_name="position",
                    ),
                ),
            ],
            options={
                "verbose_name": "tenure",
                "verbose_name_plural": "tenures",
                "ordering": ["-during", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["definitive", "plt", "plh"])),
                        name="documents_tenure_form_known",
                        violation_error_message="A position is held definitively, as Plt. or as Plh.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False), ("during__lower_inf", False)),
                        name="documents_tenure_has_first_day",
                        violation_error_message="A period has a first day, and its last day is not before it.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("form__in", ["definitive", "plt"])),
                        expressions=[("position", "="), ("during", "&&")],
                        name="documents_tenure_one_holder",
                        violation_error_message="Somebody else holds this position in that period. End that period first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("form", "plh")),
                        expressions=[("position", "="), ("during", "&&")],
                        name="documents_tenure_one_stand_in",
                        violation_error_message="Somebody else stands in as Plh. in that period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("line1", models.CharField(max_length=120, verbose_name="government")),
                ("line2", models.CharField(max_length=160, verbose_name="office")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="telephone, e-mail and site")),
                (
                    "unit_code",
                    models.CharField(blank=True, max_length=20, verbose_name="code of the office in numbers of papers"),
                ),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="place before the date")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed at")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letterheads",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
                (
                    "arms",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jobs.storedfile",
                        verbose_name="arms",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "letterhead",
                "verbose_name_plural": "letterheads",
                "ordering": ["agency", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "version"),
                        name="documents_letterhead_version_once",
                        violation_error_message="Somebody else changed the letterhead just now. Please look at it again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line1", ""), _negated=True), models.Q(("line2", ""), _negated=True)
                        ),
                        name="documents_letterhead_has_lines",
                        violation_error_message="A letterhead names the government and the office.",
                    ),
                ],
            },
        ),
    ]
