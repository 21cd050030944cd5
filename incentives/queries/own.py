"""Competitions on the resident's own page (settings.OWN_PAGE_MODULES)."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Document
from incentives.models import Award, Competition, Entry, ReceiptCheck, UseReport
from incentives.queries.awards import CERTIFICATE
from incentives.queries.entries import Place, obstacle, places_of
from kit.own_page import OwnCard
from kit.templatetags.kit import day_date, moment

TONES = {
    Entry.State.DRAFT: "warning",
    Entry.State.SUBMITTED: "info",
    Entry.State.NEEDS_FIX: "warning",
    Entry.State.ADMITTED: "success",
    Entry.State.REFUSED: "danger",
}


def own_cards(registrations: Sequence[int]) -> list[OwnCard]:
    """One for each competition that takes entries, or to which something was sent."""
    places = places_of(registrations)
    certified = own_certificates([place.entry.pk for place in places if place.entry is not None])
    pitches = [card for place in places if (card := _card(place, certified)) is not None]
    return [*_winners_cards(places), *pitches]


def _winners_cards(places: Sequence[Place]) -> list[OwnCard]:
    """What is asked of whoever was paid."""
    entries = {place.entry.pk: place for place in places if place.entry is not None and place.entry.state == "admitted"}
    if not entries:
        return []
    checks = ReceiptCheck.objects.standing().filter(award__entry__in=entries).select_related("award")
    reports = UseReport.objects.standing().filter(award__entry__in=entries).select_related("award")
    found = [_receipt_card(row, entries[row.award.entry_id].competition) for row in checks]
    return [*found, *(_report_card(row, entries[row.award.entry_id].competition) for row in reports)]


def _receipt_card(check: ReceiptCheck, competition: Competition) -> OwnCard:
    url = reverse("incentives:receipt_own", args=[competition.pk])
    if check.answer or check.settled_at is not None:
        state = str(check.get_answer_display()) or str(check.get_outcome_display())
        return OwnCard(competition.name, _("Did the money of your award come?"), url, _("See my answer"), state)
    text = _("Your award was paid. Please say whether the money came.")
    return OwnCard(competition.name, text, url, _("Answer"), is_due=True)


def _report_card(report: UseReport, competition: Competition) -> OwnCard:
    url, told = reverse("incentives:report_own", args=[competition.pk]), {"day": day_date(report.due_on)}
    text = _("Report by %(day)s how you used the award.") % told
    if report.state == UseReport.State.RETURNED:
        text = _("The office asks for a correction of your report on the award.")
    if not report.is_owed:
        return OwnCard(
            competition.name, _("How you used the award"), url, _("See my report"), report.get_state_display()
        )
    state = report.get_state_display() if report.state == UseReport.State.RETURNED else ""
    return OwnCard(competition.name, text, url, _("Open my report"), state, "warning", is_due=True)


def own_certificates(entries: Iterable[int]) -> dict[int, Document]:
    """By entry, the certificate in force of an award that stands."""
    won = Award.objects.standing().filter(entry__in=list(entries)).values_list("pk", "entry_id")
    keys = {f"award:{award}": entry for award, entry in won}
    found = Document.objects.in_force().filter(kind=CERTIFICATE, subject__in=keys).select_related("agency", "layout")
    return {keys[document.subject]: document for document in found}


def _card(place: Place, certified: dict[int, Document]) -> OwnCard | None:
    competition, entry, now = place.competition, place.entry, timezone.now()
    against = obstacle(competition, place.registration, entry, now)
    url = reverse("incentives:pitch_own", args=[competition.pk])
    if entry is None:
        if against and not competition.opens_at <= now < competition.closes_at:
            return None
        text = against or _("Present your business to the jury. Entries until %(until)s.") % _until(place)
        return OwnCard(competition.name, text, url, _("Take part"), is_due=not against)
    has_won = entry.pk in certified
    return OwnCard(
        competition.name,
        _("You have won. Your certificate can be downloaded.") if has_won else _text(place, against),
        url,
        _("Open my pitch"),
        entry.get_state_display(),
        TONES.get(Entry.State(entry.state), "neutral"),
        is_due=not against and entry.state in {Entry.State.DRAFT, Entry.State.NEEDS_FIX},
    )


def _until(place: Place) -> dict[str, str]:
    return {"until": moment(place.competition.closes_at)}


def _text(place: Place, against: str) -> str:
    entry = place.entry
    assert entry is not None  # noqa: S101 - the caller has one
    if entry.planned_at is not None and entry.state == Entry.State.ADMITTED:
        return _("You present your business on %(at)s.") % {"at": moment(entry.planned_at)}
    if entry.state == Entry.State.DRAFT:
        return against or _("Not sent yet. Send it before %(until)s.") % _until(place)
    if entry.state == Entry.State.NEEDS_FIX:
        return _("The office asks for a correction.")
    return entry.business_name
