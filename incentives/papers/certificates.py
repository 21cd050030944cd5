"""The certificate of a winner, to hang on a wall. It follows the decree: before, nobody has won for good."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.kinds import Block, Snapshot, Subject
from documents.models import Document
from incentives.models import Award, Competition
from incentives.papers.telling import Told, region_of
from incentives.papers.texts import SAMPLE_WINNER, WINNER_LABELS
from incentives.queries.awards import AwardRow
from incentives.queries.entries import category_names

LABELS = WINNER_LABELS | {
    "usaha": gettext_lazy("business of the winner"),
    "penghargaan": gettext_lazy("the award, with its category"),
    "pada_hari": gettext_lazy("the word pada and the day of the pitches, or nothing"),
}
SAMPLE = SAMPLE_WINNER | {"usaha": "Roti Contoh", "penghargaan": "Juara I", "pada_hari": " pada Rabu, 3 Juli 2024"}
TEXTS = (
    Block("given", gettext_lazy("Above the name"), "diberikan kepada"),
    Block("as", gettext_lazy("Above the award"), "sebagai"),
    Block("award", gettext_lazy("The award"), "{penghargaan}", required=("penghargaan",)),
    Block(
        "held",
        gettext_lazy("Which competition, when, and by which decree"),
        "{lomba} yang diselenggarakan oleh {kantor}{pada_hari}, dalam rangka {kegiatan}, berdasarkan {keputusan}.",
        required=("lomba", "keputusan"),
    ),
)


def certificates_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    if not subjects:
        return []
    told: Told = subjects[0].source[0]
    decree, names = _decree(told), category_names(told.competition)
    return [_certificate(told, decree, subject.source[1], names) for subject in subjects]


def hold_awards(subjects: Sequence[Subject]) -> None:
    """Whoever ends an award takes the competition too: its certificate is there before, and revoked, or never made."""
    told: Told = subjects[0].source[0]
    Competition.objects.select_for_update(of=("self",), no_key=True).get(pk=told.competition.pk)
    keys = [row.award.pk for row in (subject.source[1] for subject in subjects)]
    if Award.objects.standing().filter(pk__in=keys).count() < len(keys):
        raise ValidationError(_("An award ended meanwhile. Please begin again."), code="award_ended")


def _decree(told: Told) -> Document:
    """The decree of the result that is in force; one of an earlier result names other winners."""
    decree = told.awards.decree
    if decree is None:
        raise ValidationError(_("Certificates follow the decree of the winners. Issue it first."), code="no_decree")
    if decree.issued_at < told.result.locked_at:
        sentence = _("The result changed after the decree. Issue a corrected edition of the decree first.")
        raise ValidationError(sentence, code="decree_outdated")
    return decree


def _certificate(told: Told, decree: Document, row: AwardRow, names: Mapping[str, str]) -> Snapshot:
    entry, award = row.award.entry, row.award
    category = names.get(award.category, award.category)
    title = f"{award.tier.label}, kategori {category}" if category else award.tier.label
    day = told.values["hari_tanggal"]
    values = {"nama": row.name, "usaha": entry.business_name or "-", "penghargaan": title}
    values["pada_hari"] = f" pada {day}" if day else ""
    body = certificate_body(
        row.name, entry.business_name, region_of(entry), award=title, competition=told.competition.name
    )
    return {"values": told.values | values, **body, "not_before": decree.date.isoformat()}


def certificate_body(name: str, business: str, region: str, *, award: str, competition: str) -> Snapshot:
    return {
        "heading": "Piagam Penghargaan",
        "name": name,
        "business": business,
        "of": "" if region == "-" else region,
        "award": award,
        "competition": competition,
    }


def told_of_certificate(printed: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """What a stranger with the sheet in hand may read; the winners' page tells the same."""
    body = printed.get("body", {})
    labels = {
        "name": gettext_lazy("Name"),
        "business": gettext_lazy("Business"),
        "award": gettext_lazy("Award"),
        "competition": gettext_lazy("Competition"),
    }
    return [(label, str(body[field])) for field, label in labels.items() if body.get(field)]
