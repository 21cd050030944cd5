"""The invitation of each participant."""

from collections.abc import Iterable, Sequence

from documents.kinds import Snapshot, Subject
from participants.models import Registration, Sex
from participants.papers.people import address_lines, holders
from programs.models import Batch, Session
from programs.models.wording import batch_values, planned_for_papers
from regions.rules import city_of

ADDRESSED = {Sex.FEMALE: "Sdri.", Sex.MALE: "Sdr."}


def invited(batch: Batch) -> Iterable[Subject]:
    """Everybody who holds a seat, by name."""
    agency = batch.program.agency
    for entry in holders(batch):
        entry.batch = batch
        yield Subject(f"entry:{entry.pk}", entry.full_name, agency, batch.region_id, entry)


def invitations_needed(batches: Sequence[int]) -> dict[int, int]:
    return dict(Batch.objects.filter(pk__in=batches).values_list("pk", "seats_held"))


def invitations_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    planned: dict[int, tuple[list[Session], dict[str, str]]] = {}
    found = []
    for subject in subjects:
        entry: Registration = subject.source
        if entry.batch_id not in planned:
            sessions = planned_for_papers(entry.batch)
            planned[entry.batch_id] = sessions, batch_values(entry.batch, sessions)
        found.append(_invitation(entry, planned[entry.batch_id][1]))
    return found


def _invitation(entry: Registration, values: dict[str, str]) -> Snapshot:
    to = f"{ADDRESSED[Sex(entry.sex)]} {entry.full_name}"
    own = {"sapaan": ADDRESSED[Sex(entry.sex)], "nama": entry.full_name, "nomor_pendaftaran": entry.shown_code}
    body = invitation_body(values, [to, *address_lines(entry)], _copies(entry.batch))
    return {"values": values | own, **body}


def invitation_body(values: dict[str, str], to: list[str], copies: list[str]) -> Snapshot:
    return {
        "nature": "Biasa",
        "enclosed": "-",
        "subject": f"Undangan {values['kegiatan']}",
        "to": to,
        "in": "tempat",
        "details": [
            ["Hari, tanggal", values["hari_tanggal"]],
            ["Waktu", f"Pukul {values['waktu']}"],
            ["Tempat", values["tempat"] or "akan diberitahukan"],
            ["Acara", f"{values['kegiatan']}, {values['angkatan']}"],
            ["Materi", values["topik"] or "sesuai jadwal"],
        ],
        "copies": copies,
    }


def _copies(batch: Batch) -> list[str]:
    """Camat and lurah of a batch of a kelurahan; of a larger region nobody below the office."""
    region = batch.region
    if region.level < 4 or region.parent is None or city_of(region.code) == region.code:
        return []
    return [f"Camat {region.parent.name};", f"Lurah {region.name}."]
