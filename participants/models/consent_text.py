from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission

WORDS_MAX = 20_000


class ConsentPurpose(models.TextChoices):
    NOTICE = "notice", _("Privacy notice read")
    BROADCAST = "broadcast", _("News about other trainings")
    WHATSAPP = "whatsapp", _("Messages by WhatsApp")
    GUARDIAN = "guardian", _("Consent of the guardian of a child")


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def visible_to(self, user: User) -> "ConsentTextQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_PRIVACY, region=None))

    def published(self) -> "ConsentTextQuerySet":
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "ConsentTextQuerySet":
        return self.filter(published_at__isnull=True)


class ConsentText(models.Model):
    """Words of an office for one purpose, in both languages: one draft, and editions that PostgreSQL never changes.

    Without an edition of its own an office speaks the words of the portal (`participants/wording`).
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    version = models.CharField(max_length=20, blank=True)
    words_id = models.TextField(max_length=WORDS_MAX)
    words_en = models.TextField(max_length=WORDS_MAX)
    note = models.CharField(max_length=250, blank=True)
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True, blank=True)
    in_force_from = models.DateTimeField(null=True, blank=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ("-in_force_from", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "purpose", "version"],
                name="consent_text_version_once",
                violation_error_message=_("There is an edition of this name already, or another draft."),
            ),
            models.UniqueConstraint(
                fields=["agency", "purpose", "in_force_from"],
                name="consent_text_one_begins",
                violation_error_message=_("Another edition begins at the same moment."),
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=ConsentPurpose.values),
                name="consent_text_purpose_known",
                violation_error_message=_("This purpose does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(version="", published_at=None, published_by=None, in_force_from=None)
                | (
                    ~Q(version="")
                    & Q(published_at__isnull=False, published_by__isnull=False, in_force_from__isnull=False)
                ),
                name="consent_text_draft_or_published",
                violation_error_message=_("A text is a draft, or has a name, a publisher and a beginning."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_from=None) | Q(in_force_from__gte=F("published_at")),
                name="consent_text_never_backdated",
                violation_error_message=_("An edition cannot begin before it is published."),
            ),
            models.CheckConstraint(
                condition=~Q(words_id="") & ~Q(words_en=""),
                name="consent_text_in_both_languages",
                violation_error_message=_("A text is written in both languages."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}".strip()

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def is_in_force_at(self, now: datetime) -> bool:
        return self.in_force_from is not None and self.in_force_from <= now
