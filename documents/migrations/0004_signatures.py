"""Signatures in PDF files, and scans of papers signed by hand."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_what_is_issued_stands"),
        ("jobs", "0002_signs_of_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="place")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("wet", "By hand, scanned"),
                            ("certificate", "With a certificate file"),
                            ("service", "By the e-sign service"),
                        ],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="signed at")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("certificate", models.JSONField(blank=True, default=dict, verbose_name="certificate")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("reason", models.CharField(blank=True, max_length=250, verbose_name="reason")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="documents.document",
                        verbose_name="official paper",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jobs.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["sha256"], name="documents_signature_hash")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("document", "place"),
                        name="documents_signature_place_once",
                        nulls_distinct=False,
                        violation_error_message="This paper is signed there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("certificate", {}), ("method", "wet"), ("place__isnull", True)),
                            models.Q(
                                ("method__in", ["certificate", "service"]),
                                ("place__isnull", False),
                                models.Q(("certificate", {}), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_signature_method_whole",
                        violation_error_message="A scan is of the whole paper; a signature in the PDF names its certificate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="documents_signature_hashed",
                        violation_error_message="A signed file is kept with its hash.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(
                                ("method", "wet"),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_signature_withdrawn_why",
                        violation_error_message="Only a scan is withdrawn, and it says when, by whom and why.",
                    ),
                ],
            },
        ),
    ]
