from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.rules import written_nip
from programs.models.program import Program

MOST_MEMBERS = 40


class CommitteeMember(models.Model):
    """Somebody who carries out a programme, or checks and selects its participants; named in a decree."""

    class Team(models.TextChoices):
        COMMITTEE = "committee", _("Committee")
        SELECTION = "selection", _("Selection team")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="members", verbose_name=_("programme"))
    team = models.CharField(_("team"), max_length=10, choices=Team.choices)
    place = models.PositiveSmallIntegerField(_("place in the list"))
    name = models.CharField(_("name with titles"), max_length=120)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    office = models.CharField(_("position in the office"), max_length=150, blank=True)
    duty = models.CharField(_("duty in the team"), max_length=80)

    class Meta:
        verbose_name = _("member of a committee")
        verbose_name_plural = _("members of committees")
        ordering = ("team", "place")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "team", "place"],
                name="committee_place_once",
                violation_error_message=_("Somebody else changed this team just now. Please look at it again."),
            ),
            models.CheckConstraint(
                condition=Q(team__in=["committee", "selection"]),
                name="committee_team_known",
                violation_error_message=_("Choose the committee or the selection team."),
            ),
            models.CheckConstraint(
                condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"),
                name="committee_nip_has_18_digits",
                violation_error_message=_("A NIP has 18 digits."),
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_MEMBERS) & ~Q(name="") & ~Q(duty=""),
                name="committee_member_named",
                violation_error_message=_("Each of at most 40 members has a name and a duty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def written_nip(self) -> str:
        return written_nip(self.nip)
