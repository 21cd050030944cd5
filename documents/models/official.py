"""Officials, their positions, and who signs for whom from which day to which."""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from documents.models.template import agencies_with_templates_of
from documents.rules import GRADES, Form, written_name, written_nip


class TenureForm(models.TextChoices):
    DEFINITIVE = Form.DEFINITIVE.value, _("definitive")
    ACTING = Form.ACTING.value, _("Plt., the position is vacant")
    DAILY = Form.DAILY.value, _("Plh., the holder is away")


class PositionKind(models.TextChoices):
    AGENCY_HEAD = "agency_head", _("Head of the office")
    SECRETARY = "secretary", _("Secretary")
    DIVISION_HEAD = "division_head", _("Head of a division")
    BUDGET_AUTHORITY = "budget_authority", _("Budget authority (PA or KPA)")
    ACTIVITY_OFFICER = "activity_officer", _("Activity officer (PPTK)")
    TREASURER = "treasurer", _("Treasurer")
    COMMITTEE_CHAIR = "committee_chair", _("Head of a committee")
    OTHER = "other", _("Another position")


class OfficialQuerySet(models.QuerySet["Official"]):
    def visible_to(self, user: Actor) -> Self:
        reads = scope_q(user, Permission.VIEW_DOCUMENTS, region=None)
        return self.filter(reads | Q(agency__in=agencies_with_templates_of(user)))

    def changeable_by(self, user: Actor) -> Self:
        return self.filter(agency__in=agencies_with_templates_of(user))


class Official(models.Model):
    """A person whose name stands under papers. The account is there when the person signs on the screen."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="officials", verbose_name=_("agency"))
    title_prefix = models.CharField(_("title before the name"), max_length=40, blank=True)
    full_name = models.CharField(_("full name"), max_length=100)
    title_suffix = models.CharField(_("title after the name"), max_length=60, blank=True)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    grade = models.CharField(_("grade"), max_length=5, blank=True, choices=[(grade, grade) for grade in GRADES])
    rank = models.CharField(_("rank"), max_length=60, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="officials", verbose_name=_("account")
    )

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "nip"],
                condition=~Q(nip=""),
                name="documents_official_nip_once",
                violation_error_message=_("Another official of this office has this NIP."),
            ),
            models.UniqueConstraint(
                fields=["agency", "user"],
                name="documents_official_user_once",
                violation_error_message=_("This account belongs to another official already."),
            ),
            models.CheckConstraint(
                condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"),
                name="documents_official_nip_has_18_digits",
                violation_error_message=_("A NIP has 18 digits."),
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade__in=GRADES),
                name="documents_official_grade_known",
                violation_error_message=_("Choose a grade of the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.written_name

    @property
    def written_name(self) -> str:
        return written_name(self.title_prefix, self.full_name, self.title_suffix)

    @property
    def written_nip(self) -> str:
        return written_nip(self.nip)

    @property
    def written_rank(self) -> str:
        """Pembina Utama Muda (IV/c), or what there is of it."""
        return f"{self.rank} ({self.grade})" if self.rank and self.grade else self.rank or self.grade


class PositionQuerySet(models.QuerySet["Position"]):
    def visible_to(self, user: Actor) -> Self:
        reads = scope_q(user, Permission.VIEW_DOCUMENTS, region=None)
        return self.filter(reads | Q(agency__in=agencies_with_templates_of(user)))

    def changeable_by(self, user: Actor) -> Self:
        return self.filter(agency__in=agencies_with_templates_of(user))

    def in_use(self) -> Self:
        return self.filter(closed=False)

    def with_holders(self, on: dt.date) -> Self:
        """The tenures and mandates of that day come along."""
        tenures = Tenure.objects.on(on).select_related("official")
        mandates = Mandate.objects.on(on).select_related("deputy", "via").order_by("pk")
        return self.prefetch_related(
            models.Prefetch("tenures", tenures, to_attr="tenures_of_day"),
            models.Prefetch("mandates", mandates, to_attr="mandates_of_day"),
        )


class Position(models.Model):
    """A position of the office as it is written under papers."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="positions", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=20, choices=PositionKind)
    title = models.CharField(_("title as it is printed"), max_length=160)
    closed = models.BooleanField(_("no longer in use"), default=False)
    tenures_of_day: list["Tenure"]
    mandates_of_day: list["Mandate"]

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "title"],
                name="documents_position_title_once",
                violation_error_message=_("This position exists already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PositionKind.values),
                name="documents_position_kind_known",
                violation_error_message=_("Choose a kind of the list."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="documents_position_has_title",
                violation_error_message=_("A position has a title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def holders_of_day(self) -> list["Tenure"]:
        """With `with_holders`: the stand-in before the holder who is away."""
        return sorted(self.tenures_of_day, key=lambda tenure: tenure.form != Form.DAILY)


class PeriodQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        return self.filter(during__contains=day)


class Tenure(models.Model):
    """Who holds a position, or acts in it, from a day to a day."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="tenures", verbose_name=_("position"))
    official = models.ForeignKey(Official, models.PROTECT, related_name="tenures", verbose_name=_("official"))
    form = models.CharField(_("form"), max_length=12, choices=TenureForm, default=TenureForm.DEFINITIVE)
    during = DateRangeField(_("period"))
    decree = models.CharField(_("decree or order"), max_length=160, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        ordering = ["-during", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=TenureForm.values),
                name="documents_tenure_form_known",
                violation_error_message=_("A position is held definitively, as Plt. or as Plh."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False),
                name="documents_tenure_has_first_day",
                violation_error_message=_("A period has a first day, and its last day is not before it."),
            ),
            ExclusionConstraint(
                name="documents_tenure_one_holder",
                expressions=[("position", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(form__in=[TenureForm.DEFINITIVE, TenureForm.ACTING]),
                violation_error_message=_("Somebody else holds this position in that period. End that period first."),
            ),
            ExclusionConstraint(
                name="documents_tenure_one_stand_in",
                expressions=[("position", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(form=TenureForm.DAILY),
                violation_error_message=_("Somebody else stands in as Plh. in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official} · {self.position}"

    @property
    def short_form(self) -> str:
        """As it is written before the title."""
        return {Form.ACTING: "Plt.", Form.DAILY: "Plh."}.get(Form(self.form), "")

    @property
    def first_day(self) -> dt.date:
        day: dt.date = self.during.lower
        return day

    @property
    def last_day(self) -> dt.date | None:
        return last_day(self.during.upper)


class Mandate(models.Model):
    """Who may sign in the name of a position: a.n., or u.b. when it goes through a deputy.

    Without kinds of papers it is for all of them, and the holder still comes first; for the kinds named here the
    deputy comes first.
    """

    position = models.ForeignKey(Position, models.PROTECT, related_name="mandates", verbose_name=_("in the name of"))
    deputy = models.ForeignKey(Position, models.PROTECT, related_name="+", verbose_name=_("who signs"))
    via = models.ForeignKey(
        Position, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("through (u.b.)")
    )
    kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("kinds of papers"))
    during = DateRangeField(_("period"))
    decree = models.CharField(_("decree or order"), max_length=160, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-during", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(deputy=F("position"))
                & (Q(via__isnull=True) | ~Q(via=F("position")) & ~Q(via=F("deputy"))),
                name="documents_mandate_of_another",
                violation_error_message=_("Choose different positions: nobody signs in the own name by a mandate."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False),
                name="documents_mandate_has_first_day",
                violation_error_message=_("A period has a first day, and its last day is not before it."),
            ),
            ExclusionConstraint(
                name="documents_mandate_once",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("deputy", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This mandate exists already in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"a.n. {self.position} · {self.deputy}"

    @property
    def form(self) -> Form:
        return Form.IN_NAME if self.via_id is None else Form.FOR_HIM

    @property
    def first_day(self) -> dt.date:
        day: dt.date = self.during.lower
        return day

    @property
    def last_day(self) -> dt.date | None:
        return last_day(self.during.upper)


def last_day(upper: dt.date | None) -> dt.date | None:
    """PostgreSQL keeps the first day that is outside."""
    return None if upper is None else upper - dt.timedelta(days=1)
