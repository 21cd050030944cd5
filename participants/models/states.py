"""Where an entry stands: the check of its data, its seat, and how it came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CheckState(models.TextChoices):
    PENDING = "pending", _("Being checked")
    NEEDS_FIX = "needs_fix", _("Needs correction")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")


class Seat(models.TextChoices):
    NONE = "none", _("No seat")
    APPLIED = "applied", _("Waits for the selection")
    HELD = "held", _("Seat held")
    WAITING = "waiting", _("Waiting list")
    OFFERED = "offered", _("Seat offered")
    RELEASED = "released", _("Seat given back")


class Source(models.TextChoices):
    ONLINE = "online", _("Online")
    ASSISTED = "assisted", _("Assisted by an officer")
    IMPORT = "import", _("Imported")


class RejectReason(models.TextChoices):
    NOT_ELIGIBLE = "not_eligible", _("Does not meet the requirements")
    WRONG_DATA = "wrong_data", _("Data does not match the identity card")
    DUPLICATE = "duplicate", _("Registered twice")
    NOT_REACHABLE = "not_reachable", _("Could not be reached")
    OTHER = "other", _("Other reason")


class GuardianRelation(models.TextChoices):
    PARENT = "parent", _("Father or mother")
    FAMILY = "family", _("Family member who raises the child")
    LEGAL = "legal", _("Guardian by a court's decision")
    NOT_RECORDED = "not_recorded", _("Not recorded: registered before guardians were asked")


ACTIVE_SEATS = (Seat.HELD, Seat.WAITING, Seat.OFFERED, Seat.APPLIED)
ENDED_SEATS = (Seat.NONE, Seat.RELEASED)
IS_ACTIVE = Q(seat__in=ACTIVE_SEATS)
