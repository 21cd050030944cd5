"""The register of processing and the people that an incident concerns, as spreadsheets."""

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from kit.phones import show_phone
from kit.sheets import Column, write_xlsx
from participants.models import Incident, ProcessingActivity

CHUNK = 500


def write_register(agency: Agency) -> bytes:
    """The register of processing activities, as the law wants it shown."""
    columns = [
        Column(_("Activity"), 34),
        Column(_("What for"), 44),
        Column(_("Lawful ground"), 26),
        Column(_("Which law or decree"), 34),
        Column(_("Whose data"), 26),
        Column(_("Which data"), 44),
        Column(_("Specific data"), 30),
        Column(_("Who receives them"), 30),
        Column(_("Who processes for the office"), 30),
        Column(_("How long it is kept"), 30),
        Column(_("How they are protected"), 44),
        Column(_("Who is responsible"), 26),
        Column(_("High risk"), 10),
        Column(_("Ended"), 16, "datetime"),
    ]
    lines = ProcessingActivity.objects.filter(agency=agency).prefetch_related("processors")
    rows = (
        (
            *(line.name, line.purpose, line.get_basis_display(), line.legal_basis, line.people, line.data_items),
            *(line.specific_items, line.recipients, ", ".join(str(one) for one in line.processors.all()), line.kept),
            *(line.safeguards, line.responsible, _("yes") if line.is_high_risk else _("no"), line.ended_at),
        )
        for line in lines
    )
    title = _("Register of processing activities")
    return write_xlsx(columns, rows, title=title, footer=agency.name, time_zone=agency.zone)


def write_people_concerned(incident: Incident, *, by: User) -> bytes:
    """For letters by hand: name, address and how each was told. No identity numbers."""
    columns = [
        Column(_("No."), 6, "whole"),
        Column(_("Name"), 30),
        Column(_("Address"), 44),
        Column(_("Phone"), 17),
        Column(_("Told"), 18),
        Column(_("When"), 18, "datetime"),
    ]
    people = incident.people.select_related("registration__region__parent").order_by("pk")
    rows = (
        (
            *(number, one.registration.full_name, one.registration.full_address),
            *(show_phone(one.registration.phone), one.get_way_display(), one.told_at),
        )
        for number, one in enumerate(people.iterator(CHUNK), 1)
    )
    footer = _("Made by %(name)s. Personal data: not to be passed on.") % {"name": by.full_name or by.username}
    return write_xlsx(columns, rows, title=_("People concerned"), footer=footer, time_zone=incident.agency.zone)
