from django.db import migrations, models

KINDS = ["never_took_part", "took_part", "messages", "jurors", "objections"]
LABELS = [
    "People who registered and never took part",
    "Participants of trainings",
    "Words and addresses of messages",
    "Contact data and words of jurors",
    "Objections to results of a jury",
]


class Migration(migrations.Migration):
    dependencies = [("participants", "0021_notes_of_marks_may_be_emptied")]

    operations = [
        migrations.RemoveConstraint("retentionrule", "retention_rule_kind_known"),
        migrations.AlterField(
            "retentionrule", "kind", models.CharField(choices=list(zip(KINDS, LABELS, strict=True)), max_length=20)
        ),
        migrations.AddConstraint(
            "retentionrule",
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS),
                name="retention_rule_kind_known",
                violation_error_message="This kind of data does not exist.",
            ),
        ),
    ]
