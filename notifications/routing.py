"""Which channel a message takes first, which ones remain, and when it may go out: the office's rules, kept in mind.

They cost no query until the office changes something: its row carries the version of its channels.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from accounts.models import Agency
from kit.phones import is_mobile
from notifications import rules
from notifications.models import Channel, ChannelPolicy, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate

RINGS = {Channel.WHATSAPP, Channel.MANUAL, Channel.CALL}


@dataclass(frozen=True)
class Rules:
    order: tuple[str, ...]
    quiet: tuple[dt.time, dt.time] | None
    email_waits: bool
    at_any_hour: frozenset[str]
    delivery_patience: dt.timedelta
    # (kind, language) -> the values in their order; none while the gateway is missing or stopped
    templates: Mapping[tuple[str, str], tuple[str, ...]]

    def may_ring(self, kind: str, channel: str, at: dt.datetime) -> dt.datetime:
        """The first moment from `at` on, in the office's zone, when a message of this kind may go this way."""
        keeps = channel in RINGS or self.email_waits
        if self.quiet is None or kind in self.at_any_hour or not keeps:
            return at
        return rules.end_of_quiet(at, *self.quiet)


_known: dict[int, tuple[int, Rules]] = {}


def rules_of(agency: Agency) -> Rules:
    if not agency.channels_version:
        return _usual()
    version, known = _known.get(agency.pk, (0, None))
    if known is None or version != agency.channels_version:
        known = _look_up(agency)
        _known[agency.pk] = (agency.channels_version, known)
    return known


def note_change(agency_id: int) -> None:
    """Every process that reads the office from now on looks its rules up anew."""
    Agency.objects.filter(pk=agency_id).update(channels_version=F("channels_version") + 1)


def _look_up(agency: Agency) -> Rules:
    policy = ChannelPolicy.objects.filter(agency=agency).first() or ChannelPolicy(agency=agency)
    usable = WhatsAppGateway.objects.usable().filter(agency=agency)
    templates = WhatsAppTemplate.objects.filter(agency=agency, agency__in=usable.values("agency"))
    return _rules(policy, {(template.kind, template.language): tuple(template.parameters) for template in templates})


@cache
def _usual() -> Rules:
    return _rules(ChannelPolicy(), {})


def _rules(policy: ChannelPolicy, templates: Mapping[tuple[str, str], tuple[str, ...]]) -> Rules:
    return Rules(
        order=tuple(policy.order),
        quiet=(policy.quiet_from, policy.quiet_until) if policy.quiet_from and policy.quiet_until else None,
        email_waits=policy.email_waits,
        at_any_hour=frozenset(policy.at_any_hour),
        delivery_patience=dt.timedelta(hours=policy.delivery_hours),
        templates=templates,
    )


@dataclass(frozen=True)
class Reach:
    """How one person can be reached: addresses that are whole, else empty."""

    email: str
    phone: str

    @property
    def is_mobile(self) -> bool:
        return is_mobile(self.phone)

    def address(self, channel: str) -> str:
        return self.email if channel == Channel.EMAIL else self.phone


def reach_of(email: str, phone: str) -> Reach:
    """An address that is none, or that holds two, is as good as none."""
    try:
        validate_email(email)
    except ValidationError:
        return Reach("", phone)
    return Reach(email, phone)


def allowed_numbers(agency: Agency, kinds: Sequence[tuple[str, str]], phones: Sequence[str]) -> frozenset[str]:
    """Which of the numbers allow WhatsApp. Nobody is asked where the office has no template for these kinds."""
    templates = rules_of(agency).templates
    if not any(kind in templates for kind in kinds):
        return frozenset()
    wanted = WhatsAppChoice.objects.filter(agency=agency, phone__in=set(phones), wants=True)
    return frozenset(wanted.values_list("phone", flat=True))


def route(agency: Agency, kind: str, language: str, reach: Reach, *, allows_whatsapp: bool) -> list[Channel]:
    known = rules_of(agency)
    found = rules.route(
        known.order,
        email=bool(reach.email),
        mobile=reach.is_mobile,
        phone=bool(reach.phone),
        template=allows_whatsapp and (kind, language) in known.templates,
    )
    return [Channel(code) for code in found]


def opening(agency: Agency, kind: str, channel: str, at: dt.datetime) -> dt.datetime:
    """When the message may go out at the earliest, by the wall clock of the office."""
    return rules_of(agency).may_ring(kind, channel, at.astimezone(agency.zone))
