"""What the office notes of job seeker cards (AK1). The ministry's system issues them, never the portal."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from notifications.actions import cancel_queued
from participants import notices, rules
from participants.models import (
    CardPreparation,
    CardReport,
    JobSeekerCard,
    Person,
    Registration,
    hash_card_number,
)

Changes = Mapping[str, Any]
REMIND_AT_ONCE = 500
FUTURE = _("This day lies in the future.")


@transaction.atomic
def prepare_card(*, person: Person, items: Sequence[str], by: User) -> CardPreparation:
    """Which documents the person has ready."""
    locked = _locked(person)
    made, _new = CardPreparation.objects.update_or_create(
        person=locked, defaults={"items": list(items), "updated_at": timezone.now(), "updated_by": by}
    )
    _record(locked, "job_card.prepared", by, changes={"ready": sorted(items)})
    return made


@transaction.atomic
def fill_card_sheet(*, person: Person, answers: Mapping[str, str], by: User) -> CardPreparation:
    """What the data sheet needs and no training asks; the trail tells which fields, never what stands in them."""
    locked = _locked(person)
    given = {name: text for name in CardPreparation.ANSWERS if (text := answers.get(name, "").strip())}
    sheet = json.dumps(given, ensure_ascii=False) if given else None
    made, _new = CardPreparation.objects.update_or_create(
        person=locked, defaults={"sheet": sheet, "updated_at": timezone.now(), "updated_by": by}
    )
    _record(locked, "job_card.sheet_filled", by, changes={"fields": sorted(given)})
    return made


@transaction.atomic
def reveal_number(*, person: Person, purpose: str, by: User) -> str:
    """The full identity number for the data sheet; who looked, and what for, is written down."""
    if not purpose.strip():
        raise ValidationError(_("Please write why you need to see the number."), code="purpose_needed")
    record(action="person.nik_revealed", by=by, target=person, subject=person, agency=person.agency, purpose=purpose)
    return str(person.nik)


@transaction.atomic
def record_card(
    *, person: Person, number: str, issued_on: date, expires_on: date | None = None, renews: bool = False, by: User
) -> JobSeekerCard:
    """Notes a card that the ministry's system gave, with the days of its reports. `renews` ends the one before.

    Refuses with card_future, card_expired or a constraint's name.
    """
    locked = _locked(person)
    today = locked.agency.today()
    expires_on = expires_on or rules.months_later(issued_on, settings.JOB_CARDS["valid_months"])
    _refuse_days(issued_on, expires_on, today)
    held = locked.job_cards.in_force().first()
    if held is not None and renews:
        _end(held, JobSeekerCard.End.RENEWED, max(held.issued_on, min(issued_on, today)), by)
    with spoken_refusals(JobSeekerCard):
        card = JobSeekerCard.objects.create(
            person=locked,
            number=number,
            number_hash=hash_card_number(locked.agency_id, number),
            number_last4=number[-4:],
            issued_on=issued_on,
            expires_on=expires_on,
            recorded_at=timezone.now(),
            recorded_by=by,
        )
    days = rules.report_days(issued_on, expires_on, settings.JOB_CARDS["report_months"])
    CardReport.objects.bulk_create([CardReport(card=card, number=n, due_on=day) for n, day in enumerate(days, 1)])
    CardPreparation.objects.filter(person=locked).update(sheet=None)
    _record(locked, "job_card.noted", by, target=card, changes={"issued_on": issued_on, "expires_on": expires_on})
    return card


def _refuse_days(issued_on: date, expires_on: date, today: date) -> None:
    if issued_on > today:
        raise ValidationError({"issued_on": ValidationError(FUTURE, code="card_future")})
    if expires_on < today:
        sentence = _("This card has run out. Only a card that is in force helps: please note the renewed one.")
        raise ValidationError({"issued_on": ValidationError(sentence, code="card_expired")})


@transaction.atomic
def note_report(*, report: CardReport, reported_on: date, by: User) -> CardReport:
    """The holder reported. A later report does not need the ones before it. Twice is once."""
    card, fresh = _locked_card(report.card), _locked_report(report)
    _refuse_ended(card)
    if fresh.reported_on is not None:
        return fresh
    if reported_on > card.person.agency.today():
        raise ValidationError({"reported_on": ValidationError(FUTURE, code="report_future")})
    if reported_on < card.issued_on:
        raise ValidationError(
            {"reported_on": ValidationError(_("The card was issued later than this day."), code="report_before_issue")}
        )
    fresh.reported_on, fresh.noted_at, fresh.noted_by = reported_on, timezone.now(), by
    fresh.save(update_fields=["reported_on", "noted_at", "noted_by"])
    cancel_queued(group=notices.report_group(fresh.pk), by=by)
    _record(
        card.person, "job_card.reported", by, target=card, changes={"number": fresh.number, "reported_on": reported_on}
    )
    return fresh


@transaction.atomic
def undo_report(*, report: CardReport, by: User) -> CardReport:
    card, fresh = _locked_card(report.card), _locked_report(report)
    _refuse_ended(card)
    if fresh.reported_on is not None:
        fresh.reported_on = fresh.noted_at = fresh.noted_by = None
        fresh.save(update_fields=["reported_on", "noted_at", "noted_by"])
        _record(card.person, "job_card.report_undone", by, target=card, changes={"number": fresh.number})
    return fresh


@transaction.atomic
def end_card(*, card: JobSeekerCard, reason: str, ended_on: date, by: User) -> JobSeekerCard:
    """The holder found work, or the card does not count any more; nobody is reminded."""
    fresh = _locked_card(card)
    _refuse_ended(fresh)
    if ended_on > fresh.person.agency.today():
        raise ValidationError({"ended_on": ValidationError(FUTURE, code="end_future")})
    if ended_on < fresh.issued_on:
        sentence = _("The card was issued later than this day.")
        raise ValidationError({"ended_on": ValidationError(sentence, code="end_before_issue")})
    return _end(fresh, reason, ended_on, by)


@transaction.atomic
def reopen_card(*, card: JobSeekerCard, by: User) -> JobSeekerCard:
    """Takes the end back. Refuses where another card is in force."""
    fresh = _locked_card(card)
    if fresh.ended_on is not None:
        fresh.ended_on, fresh.end_reason, fresh.ended_by = None, "", None
        with spoken_refusals(JobSeekerCard):
            fresh.save(update_fields=["ended_on", "end_reason", "ended_by"])
        _record(fresh.person, "job_card.reopened", by, target=fresh, changes={})
    return fresh


def remind_reports(*, by: None = None) -> int:
    """Writes to holders whose report is due soon: once for each day that is due. How many messages were new.

    Each report is one message by its key, so nothing comes twice however often this runs or is cut off. Restricted
    data is kept and not used, also not for this.
    """
    now = timezone.now()
    first, last = _reminded_days(timezone.localdate(now))
    language = Registration.objects.filter(person=OuterRef("card__person")).order_by("-pk").values("language")[:1]
    soon = CardReport.objects.open().filter(due_on__range=(first, last), card__person__restricted_at__isnull=True)
    rows = soon.select_related("card__person__agency", "card__person__region").annotate(language=Subquery(language))
    found, after = 0, 0
    while some := list(rows.filter(pk__gt=after).order_by("pk")[:REMIND_AT_ONCE]):
        found += _remind(some)
        after = some[-1].pk
    return found


@transaction.atomic
def _remind(reports: Sequence[CardReport]) -> int:
    return notices.tell_card_reports(reports)


def _reminded_days(today: date) -> tuple[date, date]:
    """From today, so that a night without the task is made up for while it still helps."""
    return today, today + timedelta(days=settings.JOB_CARDS["remind_days"])


@transaction.atomic
def forget_card_sheets(*, by: None = None) -> int:
    """Answers for the data sheet that nobody touched for half a year. How many went."""
    old = timezone.now() - timedelta(days=settings.JOB_CARDS["answer_days"])
    return CardPreparation.objects.filter(sheet__isnull=False, updated_at__lt=old).update(sheet=None)


def _end(card: JobSeekerCard, reason: str, ended_on: date, by: User) -> JobSeekerCard:
    card.ended_on, card.end_reason, card.ended_by = ended_on, reason, by
    card.save(update_fields=["ended_on", "end_reason", "ended_by"])
    for key in card.reports.filter(reported_on__isnull=True).values_list("pk", flat=True):
        cancel_queued(group=notices.report_group(key), by=by)
    _record(card.person, "job_card.ended", by, target=card, changes={"reason": reason, "ended_on": ended_on})
    return card


def _refuse_ended(card: JobSeekerCard) -> None:
    if card.ended_on is not None:
        raise ValidationError(_("This card has ended. Nothing is noted on it any more."), code="card_ended")


def _locked(person: Person) -> Person:
    """Whoever notes something of this person's card waits for the one before."""
    Person.objects.select_for_update(no_key=True).values_list("pk").get(pk=person.pk)
    return Person.objects.select_related("agency", "region").get(pk=person.pk)


def _locked_card(card: JobSeekerCard) -> JobSeekerCard:
    Person.objects.select_for_update(no_key=True).values_list("pk").get(pk=card.person_id)
    return JobSeekerCard.objects.select_related("person__agency", "person__region").get(pk=card.pk)


def _locked_report(report: CardReport) -> CardReport:
    """Under the lock of the person, which every change of a card takes."""
    return CardReport.objects.select_related("card").get(pk=report.pk)


def _record(person: Person, action: str, by: User, *, changes: Changes, target: JobSeekerCard | None = None) -> None:
    told = {name: str(value) if isinstance(value, date) else value for name, value in changes.items()}
    record(action=action, by=by, target=target or person, subject=person, agency=person.agency, changes=told)
