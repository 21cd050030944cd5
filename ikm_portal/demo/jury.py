"""The jury of P1: three people who chose their PIN, a training entry, sheets for everything, one thing to decide."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from incentives import actions, queries
from incentives.actions import JurorInput
from incentives.models import Competition, Juror
from incentives.rules.conflicts import business_key

SUMMARY = (
    "Ibu Contoh membuat sambal bawang dalam botol 150 gram dan menjualnya di empat warung. Modal Rp3.000.000, terjual "
    "80 botol sebulan. Ia ingin membeli mesin pengisi dan menjual lewat toko daring."
)


@dataclass(frozen=True)
class Seat:
    name: str
    institution: str
    has_declared: bool = True


# The first one is in the chair; the last one has yet to say whether there is a conflict of interest.
SEATS = (
    Seat("Dr. Hapsari Wulandari", "Universitas Pekalongan"),
    Seat("Imam Fauzi", "Kadin Kota Pekalongan"),
    Seat("Lestari Ningrum", "Bank Jateng Cabang Pekalongan", has_declared=False),
)


def seat_the_jury(competition: Competition, by: User) -> list[Juror]:
    """After the entries were admitted. One juror trades under the name of an entry: the office decides on it."""
    familiar = competition.entries.real().admitted().order_by("pk").last()
    jurors = []
    for number, seat in enumerate(SEATS):
        is_near = number == 1 and familiar is not None
        given = JurorInput(
            name=seat.name,
            institution=seat.institution,
            is_chair=number == 0,
            business_key=business_key(familiar.business_name)[:160] if is_near and familiar else "",
        )
        jurors.append(actions.add_juror(competition=competition, given=given, by=by))
    actions.make_training_entry(competition=competition, title="Sambal Bu Contoh", summary=SUMMARY, by=by)
    actions.assign_sheets(competition=competition, by=by)
    for juror, seat in zip(jurors, SEATS, strict=True):
        actions.join_jury(token=actions.invite_juror(juror=juror, by=by), pin=settings.DEMO_JUROR_PIN)
        if seat.has_declared:
            actions.declare_conflicts(juror=juror, said={})
    return jurors


def listed() -> list[dict[str, str]]:
    """For the door of the jury: whoever may be tried out there."""
    names = [seat.name for seat in SEATS]
    rows = Juror.objects.serving().filter(name__in=names, joined_at__isnull=False, competition__locked_at__isnull=True)
    return [
        {"number": queries.juror_number(one.pk), "label": f"{one.name} · {one.competition}"}
        for one in rows.select_related("competition")
    ]
