"""The copy that somebody takes along: JSON and a spreadsheet for machines, a PDF for people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from documents.models import letterhead_of
from documents.typesetting import Order, Typesetter, assembled, product_layout
from kit.privacy import Section, as_json, privacy_modules
from kit.sheets import XLSX, Column, write_xlsx
from kit.templatetags.kit import moment
from participants.models import Person
from participants.privacy.exporting import export_entry
from participants.queries.rights import Subject

FORMATS = {"pdf": "application/pdf", "json": "application/json; charset=utf-8", "xlsx": XLSX}


def sections_of(subject: Subject) -> list[Section]:
    """What every app keeps of this person; of an entry whose person is not settled, that entry alone."""
    if not isinstance(subject, Person):
        return export_entry(subject)
    return [section for module in privacy_modules() for section in module.export(subject)]


def made(subject: Subject, agency: Agency, form: str) -> bytes:
    sections, now = sections_of(subject), timezone.now()
    if form == "json":
        return as_json(sections, agency.name, now)
    if form == "xlsx":
        return _as_xlsx(sections, agency, now)
    return _as_pdf(sections, agency, now)


def _as_xlsx(sections: Sequence[Section], agency: Agency, now: datetime) -> bytes:
    """One line for each fact: a sheet that any program reads, whatever is kept."""
    columns = [
        Column(_("Part"), 34),
        Column(_("No."), 6, "whole"),
        Column(_("What"), 30),
        Column(_("Value"), 60),
        Column(_("Code"), 24),
    ]
    title = _("What %(office)s keeps about you") % {"office": agency.name}
    return write_xlsx(columns, _lines(sections), title=title, footer=_made(agency, now), time_zone=agency.zone)


def _lines(sections: Sequence[Section]) -> Iterator[list[Any]]:
    for section in sections:
        for number, record in enumerate(section.records, start=1):
            for fact in record:
                if fact.words:
                    yield [str(section.title), number, str(fact.label), fact.words, f"{section.code}.{fact.code}"]


def _as_pdf(sections: Sequence[Section], agency: Agency, now: datetime) -> bytes:
    head = letterhead_of(agency).as_json()
    paper = {
        "title": _("Extract of personal data"),
        "paper": agency.paper_size,
        "head": {**head, "arms": None},
        "body": {
            "made": _made(agency, now),
            "intro": _("This is everything that the portal keeps about you, and who looked at it."),
            "nothing": _("Nothing is kept here"),
            "sections": [
                {"title": str(section.title), "records": [_facts(record) for record in section.records]}
                for section in sections
                if section.records
            ],
            "empty": [str(section.title) for section in sections if not section.records],
        },
    }
    order = Order(assembled(product_layout("extract")), paper, int(now.timestamp()))
    with Typesetter() as typesetter:
        return typesetter.pdf(order)


def _facts(record: Any) -> list[list[str]]:
    return [[str(fact.label), fact.words] for fact in record if fact.words]


def _made(agency: Agency, now: datetime) -> str:
    return _("Made %(when)s by %(office)s") % {"when": moment(now), "office": agency.name}
