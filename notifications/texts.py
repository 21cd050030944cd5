"""What a message says: the product's standard text, or the office's own wording with placeholders filled in.

Office text is never a template: only the closed list of placeholders below is put in, each value once.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context, Engine
from django.template.base import Template
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from notifications.models import MessageText
from notifications.rules import (
    Wording,
    fill,
    nearest,
    placeholders_in,
    shortened_link,
    tidy,
    unknown_braces,
)

LONGEST_SUBJECT = 150
LONGEST_BODY = 3000
WHATSAPP_LIMIT = 1024  # characters of the body of a message template of the WhatsApp Cloud API


@dataclass(frozen=True)
class Placeholder:
    """`snippet` is the product's own template of the value; what spans several lines has no place in a subject."""

    meaning: Any
    snippet: str
    many_lines: bool = False


PLACEHOLDERS: dict[str, Placeholder] = {
    "nama": Placeholder(gettext_lazy("name of the recipient"), "{{ recipient_name }}"),
    "nomor": Placeholder(gettext_lazy("registration number"), "{{ registration.shown_code }}"),
    "pelatihan": Placeholder(gettext_lazy("name of the training"), "{{ batch.program }}"),
    "angkatan": Placeholder(gettext_lazy("name of the batch"), "{{ batch }}"),
    "keadaan": Placeholder(
        gettext_lazy("the sentences that tell this person's situation, for example seat or waiting list"),
        "{% include situation %}",
        many_lines=True,
    ),
    "jadwal": Placeholder(
        gettext_lazy("days, hours and places"), '{% include "notifications/_sessions.txt" %}', many_lines=True
    ),
    "tempat": Placeholder(gettext_lazy("the places, in one line"), '{% include "notifications/_places.txt" %}'),
    "alasan": Placeholder(
        gettext_lazy("the reason"), "{% firstof reason registration.get_reject_reason_display %}", many_lines=True
    ),
    "catatan": Placeholder(
        gettext_lazy("the note of the office, where there is one"),
        '{% include "notifications/_office_note.txt" %}',
        many_lines=True,
    ),
    "perbaikan": Placeholder(gettext_lazy("what has to be corrected"), "{{ note }}", many_lines=True),
    "angkatan_lama": Placeholder(gettext_lazy("the batch before the move"), "{{ left }}"),
    "cara_batal": Placeholder(
        gettext_lazy("how to cancel early, only for those with a seat"),
        '{% include "notifications/_cancel_early.txt" %}',
        many_lines=True,
    ),
    "batas_waktu": Placeholder(
        gettext_lazy("the deadline with the day of the week"), "{{ expires_at|long_date }}, {% time_range expires_at %}"
    ),
    "batas_singkat": Placeholder(gettext_lazy("the deadline, short"), "{{ expires_at|moment }}"),
    "tautan_jawaban": Placeholder(gettext_lazy("the link for the answer"), "{{ SITE_URL }}{{ link }}"),
    "kode": Placeholder(gettext_lazy("the one-time code"), "{{ code }}"),
    "tautan_pin": Placeholder(
        gettext_lazy("the link to enter the code"), "{{ SITE_URL }}{% url 'participants:renew_pin' %}"
    ),
    "tautan_status": Placeholder(gettext_lazy("the link to the own registration"), "{{ SITE_URL }}{{ status_path }}"),
    "tautan_pelatihan": Placeholder(
        gettext_lazy("the link to the page of the training"), "{{ SITE_URL }}{{ batch.get_absolute_url }}"
    ),
    "nomor_sertifikat": Placeholder(gettext_lazy("number of the certificate"), "{{ certificate_number }}"),
    "tautan_sertifikat": Placeholder(
        gettext_lazy("the link to the own certificate"), "{{ SITE_URL }}{{ certificate_path }}"
    ),
    "nomor_pengaduan": Placeholder(gettext_lazy("number of the complaint"), "{{ complaint.shown_code }}"),
    "tautan_pengaduan": Placeholder(
        gettext_lazy("the link to look up the complaint"), "{{ SITE_URL }}{{ complaint_path }}"
    ),
    "tanggal_lapor": Placeholder(gettext_lazy("the day on which the report is due"), "{{ due_on|long_date }}"),
    "akhir_kartu": Placeholder(gettext_lazy("the day on which the card runs out"), "{{ expires_on|day_date }}"),
    "nomor_permintaan": Placeholder(
        gettext_lazy("number of the request about personal data"), "{{ data_request.shown_code }}"
    ),
    "yang_disimpan": Placeholder(
        gettext_lazy("what the law demands to be kept"),
        "{% for line in kept %}- {{ line }}\n{% endfor %}",
        many_lines=True,
    ),
    "lomba": Placeholder(gettext_lazy("name of the competition"), "{{ competition.name }}"),
    "waktu_tampil": Placeholder(
        gettext_lazy("day, hour and place of the own presentation"),
        '{% include "notifications/_pitch_slot.txt" %}',
        many_lines=True,
    ),
    "tautan_saya": Placeholder(gettext_lazy("the link to the own page"), "{{ SITE_URL }}{{ own_path }}"),
    "tautan_situs": Placeholder(gettext_lazy("the link to the portal"), "{{ SITE_URL }}/"),
    "kontak_kantor": Placeholder(
        gettext_lazy("telephone and e-mail of the office"),
        '{% include "notifications/_contact.txt" %}',
        many_lines=True,
    ),
    "kantor": Placeholder(gettext_lazy("name of the office"), "{{ agency.name }}"),
}


@dataclass(frozen=True)
class Kind:
    """Which placeholders a message knows, and without which it would not do its work."""

    known: tuple[str, ...]
    required: tuple[str, ...] = ()


OFFICE = ("nama", "kantor", "kontak_kantor", "tautan_situs")
TRAINING = (*OFFICE, "pelatihan", "angkatan")
ENTRY = (*TRAINING, "nomor", "jadwal", "tempat", "tautan_status", "tautan_pelatihan")

# Messages to staff about their own account keep the words of the product.
KINDS: dict[str, Kind] = {
    "registration_received": Kind((*ENTRY, "keadaan"), ("nomor", "keadaan")),
    "registration_fix_requested": Kind((*ENTRY, "perbaikan"), ("perbaikan", "tautan_status")),
    "registration_corrected": Kind(ENTRY, ("nomor",)),
    "registration_verified": Kind((*ENTRY, "keadaan", "cara_batal"), ("keadaan",)),
    "registration_rejected": Kind((*ENTRY, "alasan", "catatan"), ("nomor", "alasan")),
    "decision_undone": Kind((*ENTRY, "keadaan"), ("nomor",)),
    "registration_moved": Kind((*ENTRY, "keadaan", "angkatan_lama"), ("angkatan", "keadaan")),
    "registration_cancelled": Kind(ENTRY, ("nomor",)),
    "registration_replaced": Kind(ENTRY, ("nomor",)),
    "selection_decided": Kind((*ENTRY, "keadaan"), ("nomor", "keadaan")),
    "seat_offered": Kind((*ENTRY, "batas_waktu", "batas_singkat", "tautan_jawaban"), ("batas_waktu", "tautan_jawaban")),
    "offer_accepted": Kind((*ENTRY, "keadaan"), ("keadaan",)),
    "offer_expired": Kind(ENTRY, ("nomor",)),
    "batch_rescheduled": Kind(ENTRY, ("jadwal",)),
    "batch_cancelled": Kind((*ENTRY, "alasan"), ("alasan",)),
    "certificate_ready": Kind((*ENTRY, "nomor_sertifikat", "tautan_sertifikat"), ("tautan_sertifikat",)),
    "teaching_invited": Kind(
        (*TRAINING, "jadwal", "tempat", "batas_waktu", "batas_singkat", "tautan_jawaban"),
        ("jadwal", "batas_waktu", "tautan_jawaban"),
    ),
    "teaching_changed": Kind((*TRAINING, "jadwal", "tempat"), ("jadwal",)),
    "identity_used": Kind(TRAINING),
    "persons_merged": Kind(OFFICE),
    "persons_parted": Kind(OFFICE),
    "complaint_received": Kind((*OFFICE, "nomor_pengaduan", "tautan_pengaduan"), ("nomor_pengaduan",)),
    "complaint_answered": Kind(
        (*OFFICE, "nomor_pengaduan", "tautan_pengaduan"), ("nomor_pengaduan", "tautan_pengaduan")
    ),
    "job_card_report_due": Kind((*OFFICE, "tanggal_lapor", "akhir_kartu"), ("tanggal_lapor",)),
    "job_card_expiring": Kind((*OFFICE, "akhir_kartu"), ("akhir_kartu",)),
    "data_request_received": Kind((*OFFICE, "nomor_permintaan", "tautan_saya"), ("nomor_permintaan",)),
    "data_request_answered": Kind((*OFFICE, "nomor_permintaan", "tautan_saya"), ("nomor_permintaan", "tautan_saya")),
    "data_erased": Kind((*OFFICE, "yang_disimpan"), ("yang_disimpan",)),
    "own_page_code": Kind((*OFFICE, "kode", "tautan_saya"), ("kode",)),
    "pitch_received": Kind((*OFFICE, "lomba", "tautan_saya"), ("lomba",)),
    "pitch_fix_requested": Kind((*OFFICE, "lomba", "perbaikan", "tautan_saya"), ("perbaikan", "tautan_saya")),
    "pitch_decided": Kind((*OFFICE, "lomba", "keadaan", "tautan_saya"), ("keadaan",)),
    "pitch_scheduled": Kind((*OFFICE, "lomba", "waktu_tampil", "tautan_saya"), ("waktu_tampil",)),
    "pitch_called_off": Kind((*OFFICE, "lomba", "alasan"), ("alasan",)),
    "award_receipt_asked": Kind((*OFFICE, "lomba", "tautan_saya"), ("tautan_saya",)),
    "use_report_due": Kind((*OFFICE, "lomba", "tanggal_lapor", "tautan_saya"), ("tanggal_lapor", "tautan_saya")),
    "use_report_decided": Kind((*OFFICE, "lomba", "keadaan", "tautan_saya"), ("keadaan", "tautan_saya")),
    "recovery_code": Kind((*OFFICE, "nomor", "kode", "tautan_pin"), ("kode", "tautan_pin")),
}
# What an officer writes to the people of a batch.
FREE_TEXT = Kind((*TRAINING, "nomor", "jadwal", "tempat", "tautan_status", "tautan_pelatihan"))

_known: dict[int, tuple[int, dict[tuple[str, str], Wording]]] = {}


def own_wording(agency: Agency, kind: str, language: str) -> Wording | None:
    """The office's own text, or None. Costs no query until the office changes a text."""
    if not agency.texts_version:
        return None
    version, wordings = _known.get(agency.pk, (0, {}))
    if version != agency.texts_version:
        current = MessageText.objects.in_force(agency).exclude(body="")
        wordings = {(text.kind, text.language): text.wording for text in current}
        _known[agency.pk] = (agency.texts_version, wordings)
    return wordings.get((kind, language))


def fill_wording(wording: Wording, kind: str, context: Mapping[str, Any]) -> Wording:
    """The words for one person; language and time zone are those in force."""
    used = placeholders_in(wording.subject + wording.body) & PLACEHOLDERS.keys()
    values = {name: value_of(name, kind, context) for name in used}
    return Wording(fill(wording.subject, values), fill(wording.body, values))


def value_of(name: str, kind: str, context: Mapping[str, Any]) -> str:
    situation = f"notifications/_situation_{kind}.txt"
    made = _snippet(name).render(Context({**context, "situation": situation}, autoescape=False))
    return tidy(made)


@lru_cache(maxsize=64)
def _snippet(name: str) -> Template:
    return Engine.get_default().from_string(PLACEHOLDERS[name].snippet)


def standard_text(kind: str, context: Mapping[str, Any]) -> str:
    template = Engine.get_default().get_template(f"notifications/{kind}.txt")
    return str(template.render(Context(dict(context), autoescape=False)))


def split_text(text: str) -> Wording:
    """First line, empty line, text."""
    first, _line, rest = tidy(text).partition("\n")
    return Wording(" ".join(first.split()), rest.strip())


@dataclass(frozen=True)
class Named:
    """Stands in a preview for a row: its name, and what a text asks of it."""

    name: str
    program: str = ""
    get_absolute_url: str = ""
    address: str = ""

    def __str__(self) -> str:
        return self.name


SAMPLE_DAYS = [
    SimpleNamespace(
        lower=dt.datetime(2027, 3, day, 1, tzinfo=dt.UTC), upper=dt.datetime(2027, 3, day, 9, tzinfo=dt.UTC)
    )
    for day in (1, 2)
]
SAMPLE_OFFICE = Agency(name="Dinas Contoh Kota Contoh", phone="(000) 000-000", email="dinas@contoh.example")


def sample_context(agency: Agency, kind: str) -> dict[str, Any]:
    """One made-up person, for previews; its values differ from each other, so that they can be found in a text."""
    batch = Named("Angkatan Kelurahan Contoh", "Pelatihan Membatik", "/pelatihan/membatik/contoh/")
    venue = Named("Aula Kelurahan Contoh", address="Jalan Contoh No. 1")
    registration = SimpleNamespace(
        shown_code="ABCD-2345",
        seat="held",
        check_state="verified",
        get_reject_reason_display=_("Does not meet the requirements"),
    )
    return {
        "agency": agency,
        "recipient_name": "Siti Aminah",
        "SITE_URL": settings.SITE_URL,
        "registration": registration,
        "batch": batch,
        "sessions": [SimpleNamespace(during=day, venue=venue) for day in SAMPLE_DAYS],
        "status_path": "/status/",
        "certificate_path": "/sertifikat/contoh-tautan/",
        "certificate_number": "500.15/0123/DPK/VII/2024",
        "complaint": SimpleNamespace(shown_code="PQRS-3456"),
        "complaint_path": "/pengaduan/cek/",
        "data_request": SimpleNamespace(shown_code="TUVW-4567"),
        "own_path": "/saya/",
        "competition": SimpleNamespace(name="Lomba Rencana Usaha Contoh"),
        "entry": SimpleNamespace(state="admitted", planned_at=dt.datetime(2027, 4, 6, 2, tzinfo=dt.UTC)),
        "venue": venue,
        "report": SimpleNamespace(state="returned"),
        "kept": [_("The audit trail, which holds no numbers, addresses or contact data.")],
        "link": "/status/tawaran/contoh-tautan/",
        "expires_at": dt.datetime(2027, 2, 20, 7, tzinfo=dt.UTC),
        "due_on": dt.date(2027, 4, 5),
        "expires_on": dt.date(2028, 10, 5),
        "left": "Angkatan Kelurahan Semula",
        "note": _("The date of birth differs from the identity card."),
        "reason": _("The hall is being repaired.") if kind in {"batch_cancelled", "pitch_called_off"} else "",
        "code": "WXYZ-6789",
        "position": 0,
    }


def outline(kind: str, language: str) -> Wording:
    """The standard text with placeholders: what is written for the made-up person, each value replaced by its name."""
    context = sample_context(SAMPLE_OFFICE, kind)
    with translation.override(language), timezone.override(dt.UTC):
        text = tidy(standard_text(kind, context))
        values = {name: value_of(name, kind, context) for name in KINDS[kind].known}
    for name in sorted(values, key=lambda name: len(values[name]), reverse=True):
        if values[name]:
            text = text.replace(values[name], f"{{{name}}}")
    return split_text(text)


def wording_in_force(agency: Agency, kind: str, language: str) -> Wording:
    return own_wording(agency, kind, language) or outline(kind, language)


def preview(wording: Wording, kind: str, language: str, agency: Agency) -> Wording:
    """As the made-up person would read it."""
    with translation.override(language), timezone.override(agency.zone):
        return fill_wording(wording, kind, sample_context(agency, kind))


def check_wording(wording: Wording, rule: Kind) -> None:
    """`ValidationError` by field (subject, body) for everything that would not work or would frighten people."""
    body = [*_wrong_placeholders(wording.body, rule.known), *_wrong_link(wording.body)]
    meant = {nearest(typed, rule.known) for typed in unknown_braces(wording.body, rule.known)}
    missing = [name for name in rule.required if name not in placeholders_in(wording.body) | meant]
    body += [
        _("{%(name)s} is missing: %(meaning)s. Without it the message does not help anybody.")
        % {"name": name, "meaning": PLACEHOLDERS[name].meaning}
        for name in missing
    ]
    if len(wording.body) > LONGEST_BODY:
        body.append(_("At most %(most)d characters; these are %(count)d.") % _lengths(LONGEST_BODY, wording.body))
    subject = [*_wrong_placeholders(wording.subject, rule.known), *_wrong_link(wording.subject)]
    subject += [
        _("{%(name)s} has several lines and can stand only in the text below.") % {"name": name}
        for name in sorted(placeholders_in(wording.subject) & PLACEHOLDERS.keys())
        if PLACEHOLDERS[name].many_lines
    ]
    if len(wording.subject) > LONGEST_SUBJECT:
        subject.append(
            _("At most %(most)d characters; these are %(count)d.") % _lengths(LONGEST_SUBJECT, wording.subject)
        )
    found = {"subject": subject, "body": body}
    if subject or body:
        raise ValidationError({name: sentences for name, sentences in found.items() if sentences})


def _lengths(most: int, text: str) -> dict[str, int]:
    return {"most": most, "count": len(text)}


def _wrong_placeholders(text: str, known: Collection[str]) -> list[str]:
    sentences = []
    for typed in dict.fromkeys(unknown_braces(text, known)):
        meant = nearest(typed, known)
        if len(typed) == 1:
            sentences.append(_("A curly bracket %(typed)s stands alone. Write for example {nama}.") % {"typed": typed})
        elif meant is None:
            sentences.append(_("%(typed)s is not a placeholder of this message.") % {"typed": typed[:40]})
        else:
            sentences.append(
                _("%(typed)s is not a placeholder of this message. Did you mean {%(meant)s}?")
                % {"typed": typed[:40], "meant": meant}
            )
    return sentences


def _wrong_link(text: str) -> list[str]:
    host = shortened_link(text)
    if host is None:
        return []
    return [_("%(host)s is a shortened link. People fear fraud behind it; write the whole address.") % {"host": host}]
