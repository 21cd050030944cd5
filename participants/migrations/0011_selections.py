import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was decided stays as it was decided, whoever comes by.
REFUSE = """
CREATE FUNCTION participants_selection_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The result of a selection is never changed.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER participants_selection_frozen BEFORE UPDATE OR DELETE ON participants_selection
    FOR EACH ROW EXECUTE FUNCTION participants_selection_is_frozen();
CREATE TRIGGER participants_selectionrow_frozen BEFORE UPDATE OR DELETE ON participants_selectionrow
    FOR EACH ROW EXECUTE FUNCTION participants_selection_is_frozen();
"""
ALLOW = """
DROP TRIGGER participants_selectionrow_frozen ON participants_selectionrow;
DROP TRIGGER participants_selection_frozen ON participants_selection;
DROP FUNCTION participants_selection_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0010_batches_are_finished"),
        ("programs", "0008_selection_methods"),
        ("regions", "0002_regions_and_their_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SeatTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seats", models.PositiveIntegerField()),
                ("note", models.CharField(max_length=250)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat_transfers",
                        to="programs.program",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats_given", to="programs.batch"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats_received", to="programs.batch"
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer of seats",
                "verbose_name_plural": "transfers of seats",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1), models.Q(("source", models.F("target")), _negated=True)),
                        name="seat_transfer_moves_something",
                        violation_error_message="At least one seat goes from one batch to another.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("first_come", "First come, first served"),
                            ("points", "Points for priority groups"),
                            ("draw", "Draw that anybody can check"),
                        ],
                        max_length=20,
                    ),
                ),
                ("terms_content", models.JSONField(default=dict)),
                ("seats", models.PositiveIntegerField()),
                ("waiting_places", models.PositiveIntegerField()),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("seed_hash", models.CharField(blank=True, max_length=64)),
                ("witness_words", models.CharField(blank=True, max_length=200)),
                ("counts", models.JSONField(default=dict)),
                ("list_hash", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="selection", to="programs.batch"
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "selection",
                "verbose_name_plural": "selections",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "points"), ("seed", ""), ("seed_hash", "")),
                            models.Q(
                                ("method", "draw"),
                                ("seed__regex", "^[0-9a-f]{64}$"),
                                ("seed_hash__regex", "^[0-9a-f]{64}$"),
                            ),
                            _connector="OR",
                        ),
                        name="selection_draw_has_seed",
                        violation_error_message="A draw opens its seed; points have none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("list_hash__regex", "^[0-9a-f]{64}$")),
                        name="selection_list_hash_formed",
                        violation_error_message="The result has the hash of its public list.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectionRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveIntegerField(blank=True, null=True)),
                ("points", models.IntegerField(default=0)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("held", "Gets a seat"),
                            ("waiting", "Waiting list"),
                            ("none", "No seat"),
                            ("out", "Did not take part"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("seat", "within the seats"),
                            ("leftover", "a seat that was left over, beyond the limit of the group"),
                            ("seats", "all seats are taken"),
                            ("limit", "the seats of the group are taken"),
                            ("unverified", "not verified in time"),
                            ("rejected", "not accepted by the check"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("full_group", models.CharField(blank=True, max_length=120)),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selection_rows",
                        to="participants.registration",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="participants.selection",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a selection",
                "verbose_name_plural": "lines of selections",
                "ordering": (models.OrderBy(models.F("rank"), nulls_last=True), "registration_id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", "out"),
                                ("rank__isnull", True),
                                ("reason__in", ["unverified", "rejected", "withdrawn"]),
                            ),
                            models.Q(
                                ("outcome", "held"), ("rank__isnull", False), ("reason__in", ["seat", "leftover"])
                            ),
                            models.Q(
                                ("outcome__in", ["waiting", "none"]),
                                ("rank__isnull", False),
                                ("reason__in", ["seats", "limit"]),
                            ),
                            _connector="OR",
                        ),
                        name="selection_row_outcome_has_reason",
                        violation_error_message="Each line of a result has an outcome and the reason that goes with it.",
                    ),
                    models.UniqueConstraint(
                        fields=("selection", "registration"),
                        name="selection_row_once_per_entry",
                        violation_error_message="This entry is in the result already.",
                    ),
                    models.UniqueConstraint(
                        fields=("selection", "rank"),
                        name="selection_row_rank_once",
                        violation_error_message="Two entries cannot have the same rank.",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="broadcast",
            name="broadcast_audience_known",
        ),
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_person_once_per_batch",
        ),
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_contact_once_per_batch",
        ),
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_person_once_per_rule",
        ),
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_seat_known",
        ),
        migrations.RemoveIndex(
            model_name="registration",
            name="registration_doubtful",
        ),
        migrations.RemoveIndex(
            model_name="registration",
            name="registration_to_check",
        ),
        migrations.AddField(
            model_name="registration",
            name="business_kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AlterField(
            model_name="registration",
            name="seat",
            field=models.CharField(
                choices=[
                    ("none", "No seat"),
                    ("applied", "Waits for the selection"),
                    ("held", "Seat held"),
                    ("waiting", "Waiting list"),
                    ("offered", "Seat offered"),
                    ("released", "Seat given back"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="registrationevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("registered", "Registered"),
                    ("queued", "Put on the waiting list"),
                    ("entered", "Entered for the selection"),
                    ("selected", "Chosen for a seat"),
                    ("placed", "Put on the waiting list by the selection"),
                    ("not_selected", "No seat by the selection"),
                    ("offered", "Seat offered"),
                    ("accepted", "Offer accepted"),
                    ("declined", "Offer declined"),
                    ("expired", "Offer expired"),
                    ("offer_withdrawn", "Offer taken back"),
                    ("corrected", "Entry corrected"),
                    ("fix_requested", "Correction asked"),
                    ("verified", "Verified"),
                    ("rejected", "Rejected"),
                    ("decision_undone", "Decision undone"),
                    ("cancelled", "Cancelled"),
                    ("moved", "Moved to another batch"),
                    ("rescheduled", "New schedule"),
                    ("batch_cancelled", "Batch cancelled"),
                    ("batch_finished", "Training over, without a seat"),
                    ("linked", "Identity settled"),
                    ("pin_changed", "New PIN"),
                    ("evidence_sent", "Photo of a document sent"),
                    ("evidence_removed", "Photo of a document deleted"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                models.F("batch"),
                models.F("check_state"),
                models.F("queue_number"),
                condition=models.Q(("seat__in", ("held", "waiting", "offered", "applied"))),
                name="registration_to_check",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                models.F("batch"),
                condition=models.Q(("seat__in", ("held", "waiting", "offered", "applied")), ("person__isnull", True)),
                name="registration_doubtful",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seats__contained_by", ["held", "waiting", "offered", "applied"]),
                    ("checks__contained_by", ["pending", "needs_fix", "verified", "rejected"]),
                ),
                name="broadcast_audience_known",
                violation_error_message="Only people with a seat, an offer or a place in line are written to.",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("seat__in", ("held", "waiting", "offered", "applied"))),
                fields=("batch", "person"),
                name="registration_person_once_per_batch",
                violation_error_message="This person is registered for this batch already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("seat__in", ("held", "waiting", "offered", "applied"))),
                fields=("batch", "nik_hash", "phone"),
                name="registration_contact_once_per_batch",
                violation_error_message="You are registered for this batch already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("seat__in", ("held", "waiting", "offered", "applied")),
                    models.Q(("duplicate_key", ""), _negated=True),
                ),
                fields=("person", "duplicate_key"),
                name="registration_person_once_per_rule",
                violation_error_message="This person takes part in another training of the same year already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat__in", ["none", "applied", "held", "waiting", "offered", "released"])),
                name="registration_seat_known",
                violation_error_message="This kind of seat does not exist.",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
