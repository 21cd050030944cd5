"""The office's pages about job seeker cards (AK1): who prepares one, who holds one, what is due."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal
from participants import actions, queries
from participants.forms.job_cards import (
    CardFilterForm,
    CardForm,
    EndCardForm,
    PreparationForm,
    ReportForm,
    SheetForm,
    first_day,
)
from participants.forms.staff import RevealForm
from participants.models import NEEDED_ITEMS, CardPreparation, CardReport, JobSeekerCard, Person
from participants.views.desk import visible_batch

KEEPS = Permission.KEEP_JOB_CARDS


def _person(request: HttpRequest, pk: int) -> Person:
    people = queries.card_persons(signed_in(request)).select_related("agency", "region__parent").defer("nik")
    person = get_object_or_404(people, pk=pk)
    timezone.activate(person.agency.zone)
    return person


def _card(request: HttpRequest, pk: int) -> JobSeekerCard:
    reached = JobSeekerCard.objects.filter(person__in=queries.card_persons(signed_in(request)))
    return get_object_or_404(reached.select_related("person__agency"), pk=pk)


def _report(request: HttpRequest, pk: int) -> CardReport:
    reached = CardReport.objects.filter(card__person__in=queries.card_persons(signed_in(request)))
    return get_object_or_404(reached.select_related("card__person__agency"), pk=pk)


def _to(person: Person) -> HttpResponse:
    return redirect("participants:job_card_person", person.pk)


@require_safe
@never_cache
@requires(KEEPS)
def job_card_list(request: HttpRequest) -> HttpResponse:
    """What is due first; cards in force; who is preparing; what has ended."""
    user, form, today = signed_in(request), CardFilterForm(request.GET), timezone.localdate()
    rows: Any = {
        "due": lambda: queries.due_cards(user, today),
        "held": lambda: queries.held_cards(user),
        "ended": lambda: queries.ended_cards(user),
        "preparing": lambda: queries.preparing(user),
    }[form.chosen]()
    if form.named:
        rows = rows.filter(person__region__name__icontains=form.named)
    rows = rows.select_related("person__region").defer("person__nik")
    newest_first = form.chosen in {"preparing", "ended"}
    by = ["pk"] if form.chosen == "preparing" else ["moment", "pk"]
    context = {
        "form": form,
        "tab": form.chosen,
        "page": keyset_page(rows, request.GET, newest_first=newest_first, by=by),
        "figures": queries.card_figures(user, today),
        "today": today,
        "needed": len(NEEDED_ITEMS),
    }
    return render(request, "participants/job_card_list.html", context)


@require_safe
@never_cache
@requires(KEEPS)
def job_card_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with a seat of one batch: ready or not, card or not. For the session about the card."""
    batch = visible_batch(request, pk, KEEPS)
    rows = queries.card_entries(batch)
    context = {
        "batch": batch,
        "rows": rows,
        "needed": len(NEEDED_ITEMS),
        "with_card": sum(row.last4 is not None for row in rows),
        "all_ready": sum(row.is_ready for row in rows),
        "today": batch.program.agency.today(),
    }
    return render(request, "participants/job_card_batch.html", context)


@require_safe
@never_cache
@requires(KEEPS)
def job_card_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    known = queries.job_card_of(person)
    ready = known.preparation.items if known.preparation else []
    context = {
        "person": person,
        "known": known,
        "form": PreparationForm(initial={"items": ready}),
        "report_form": ReportForm(initial=first_day(known.today)),
        "needed": len(NEEDED_ITEMS),
        "missing": [item for item in NEEDED_ITEMS if item not in ready],
        "today": known.today,
    }
    return render(request, "participants/job_card_person.html", context)


@require_POST
@never_cache
@requires(KEEPS)
def job_card_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = _person(request, pk), PreparationForm(request.POST)
    items = form.cleaned_data["items"] if form.is_valid() else None
    if items is None:
        messages.error(request, _("Please choose one of the list."))
    else:
        actions.prepare_card(person=person, items=items, by=signed_in(request))
        messages.success(request, _("Noted what is ready."))
    return _to(person)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def job_card_answers(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    kept = CardPreparation.objects.filter(person=person).first()
    form = SheetForm(posted(request), initial=kept.answers if kept else {})
    by = signed_in(request)
    if attempt(form, lambda: actions.fill_card_sheet(person=person, answers=form.cleaned_data, by=by)):
        messages.success(request, _("The data sheet is filled in."))
        return redirect("participants:job_card_sheet", person.pk)
    return form_page(request, "participants/job_card_answers.html", form, person=person)


@require_safe
@never_cache
@requires(KEEPS)
def job_card_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What is typed into the ministry's system, in its order, each with a button to copy."""
    person = _person(request, pk)
    context = {"person": person, "groups": queries.card_sheet(person), "may_reveal": _may_reveal(request, person)}
    return render(request, "participants/job_card_sheet.html", context)


@require_safe
@never_cache
@requires(KEEPS)
def job_card_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper, without the full number, with lines for what nobody knows yet."""
    person = _person(request, pk)
    context = {"person": person, "agency": person.agency, "groups": queries.card_sheet(person), "now": timezone.now()}
    return render(request, "participants/job_card_print.html", context)


def _may_reveal(request: HttpRequest, person: Person) -> bool:
    seen = Permission.REVEAL_IDENTITY
    return holds(request.user, seen, agency_id=person.agency_id, region_code=person.region_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.REVEAL_IDENTITY)
def job_card_number(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet with the full number: in the answer to this one POST and nowhere else."""
    people = queries.card_persons(signed_in(request)).select_related("agency", "region__parent")
    person = get_object_or_404(people, pk=pk)
    require(_may_reveal(request, person))
    form, by = RevealForm(posted(request)), signed_in(request)
    found: list[str] = []
    if attempt(form, lambda: found.append(_revealed(person, form, by))):
        groups = queries.card_sheet(person, nik=found[0])
        context = {"person": person, "groups": groups, "agency": person.agency, "now": timezone.now(), "revealed": True}
        page = "print" if "print" in request.POST else "sheet"
        return render(request, f"participants/job_card_{page}.html", context)
    return form_page(request, "participants/job_card_number.html", form, person=person)


def _revealed(person: Person, form: RevealForm, by: User) -> str:
    return actions.reveal_number(person=person, purpose=form.cleaned_data["purpose"], by=by)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def job_card_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes the card that the ministry's system gave."""
    person = _person(request, pk)
    held = person.job_cards.in_force().first()
    form = CardForm(posted(request), held=held, initial=first_day(person.agency.today()))
    by = signed_in(request)
    if attempt(form, lambda: actions.record_card(person=person, by=by, **form.cleaned_data)):
        messages.success(request, _("The card is noted. The portal reminds of its reports."))
        return _to(person)
    return form_page(request, "participants/job_card_record.html", form, person=person, held=held)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def job_card_report(request: HttpRequest, pk: int) -> HttpResponse:
    report, by = _report(request, pk), signed_in(request)
    person = report.card.person
    form = ReportForm(posted(request), initial=first_day(person.agency.today()))
    if attempt(form, lambda: actions.note_report(report=report, reported_on=form.cleaned_data["reported_on"], by=by)):
        messages.success(request, _("Report %(number)d is noted.") % {"number": report.number})
        return _to(person)
    return form_page(request, "participants/job_card_report.html", form, person=person, report=report)


@require_POST
@never_cache
@requires(KEEPS)
def job_card_report_undo(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    if tell_refusal(request, lambda: actions.undo_report(report=report, by=signed_in(request))):
        messages.success(request, _("Report %(number)d is open again.") % {"number": report.number})
    return _to(report.card.person)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def job_card_end(request: HttpRequest, pk: int) -> HttpResponse:
    card, by = _card(request, pk), signed_in(request)
    form = EndCardForm(posted(request), initial=first_day(card.person.agency.today()))
    if attempt(form, lambda: actions.end_card(card=card, by=by, **form.cleaned_data)):
        messages.success(request, _("The card has ended. Nobody is reminded any more."))
        return _to(card.person)
    return form_page(request, "participants/job_card_end.html", form, person=card.person, card=card)


@require_POST
@never_cache
@requires(KEEPS)
def job_card_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    card = _card(request, pk)
    if tell_refusal(request, lambda: actions.reopen_card(card=card, by=signed_in(request))):
        messages.success(request, _("The card is in force again."))
    return _to(card.person)
