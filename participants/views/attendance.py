"""Who is here: the sessions of a day as big buttons, and the door of one session."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require
from participants import actions, queries
from participants.actions import MarkInput, MarkResult
from participants.actions.marking import MAY_BE_LET_IN, REFUSED
from participants.actions.replacing import replaceable_until
from participants.forms.attendance import DoorForm, PersonMarkForm, ReasonForm, ReplaceForm
from participants.models import MARK_REFUSALS, AttendanceMark, DoorCase, MarkKind, Registration, Seat
from participants.permissions import can_correct, can_settle_attendance
from participants.views.camera import with_camera
from participants.views.desk import visible_batch
from programs.models import Session
from programs.rules import day_named

TAKES = Permission.TAKE_ATTENDANCE
SHOWN, FOUND = 100, 20


def hall(request: HttpRequest, pk: int, permission: Permission = TAKES) -> Session:
    """A session that the person may work on, with its office's clock on the page; else 404."""
    seen = Session.objects.visible_to(signed_in(request), permission).with_places()
    session = get_object_or_404(seen, pk=pk)
    timezone.activate(session.batch.program.agency.zone)
    return session


@require_safe
@requires(TAKES)
def attendance_day(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    office = user.agency or user.role_assignments.select_related("agency")[0].agency
    timezone.activate(office.zone)
    day = day_named(request.GET.get("hari", "")) or office.today()
    found = queries.sessions_on(user, day, office.zone)
    page = keyset_page(found, request.GET, size=40, newest_first=False, by=["moment", "pk"])
    cards = queries.session_cards(page.rows)
    context = {
        "day": day,
        "today": office.today(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "page": page,
        "cards": cards,
    }
    return render(request, "participants/attendance_day.html", context)


@require_safe
@never_cache
@with_camera
@requires(TAKES)
def attendance_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = hall(request, pk)
    return render(request, "participants/attendance_session.html", _door(request, session, DoorForm()))


def _door(request: HttpRequest, session: Session, form: DoorForm, searched: str = "") -> dict[str, Any]:
    people = queries.people_of(session)
    if searched:
        people = people.filter(full_name__icontains=searched)
    page = Paginator(people, SHOWN).get_page(request.GET.get("page"))
    until, now = replaceable_until(session.batch), timezone.now()
    user = signed_in(request)
    return {
        "session": session,
        "batch": session.batch,
        "form": form,
        "card": queries.session_cards([session])[0],
        "page": page,
        "people": queries.with_states(list(page), session),
        "searched": searched,
        "late_minutes": session.batch.program.late_minutes,
        "replaceable": until is not None and until > now and session.batch.waiting_count > 0,
        "cases": DoorCase.objects.open().filter(session=session).select_related("registration"),
        "may_settle": can_settle_attendance(user, session.batch),
    }


@require_POST
@never_cache
@with_camera
@requires(TAKES)
def attendance_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """A tap, a number or a name. With htmx only what changed comes back; without, the page again."""
    session, form = hall(request, pk), DoorForm(request.POST)
    mark = form.mark if form.is_valid() else None
    if mark is None:
        searched = form.searched if form.is_valid() else ""
        return _shown(request, "found", _door(request, session, form, searched))
    made = MarkInput(session_id=session.pk, **mark)
    result = actions.note_marks(marks=[made], by=signed_in(request))[0]
    answer = _answer(session, made, result)
    if request.headers.get("HX-Request"):
        return _shown(request, "answer", answer | _row(session, result))
    if answer["offer"]:
        return _shown(request, "session", _door(request, session, form) | answer)
    messages.add_message(request, messages.SUCCESS if answer["good"] else messages.ERROR, answer["said"])
    address = reverse("participants:attendance_session", args=[pk])
    return redirect(f"{address}#p{result.registration_id}" if result.registration_id else address)


def _shown(request: HttpRequest, part: str, context: dict[str, Any]) -> HttpResponse:
    """What changed for a page that is open already, the whole page for a browser without JavaScript."""
    name = part if request.headers.get("HX-Request") else "session"
    return render(request, f"participants/attendance_{name}.html", context)


def _answer(session: Session, mark: MarkInput, result: MarkResult) -> dict[str, Any]:
    """One sentence about what became of the mark, and whether the person may be let in all the same."""
    entry = Registration.objects.filter(pk=result.registration_id or 0).only("full_name", "code", "batch").first()
    name = entry.full_name if entry and entry.batch_id == session.batch_id else mark.written
    if result.outcome == REFUSED:
        said = str(MARK_REFUSALS[result.code])
    else:
        kind = mark.kind if result.outcome != "kept" else "kept"
        said = {
            "kept": _("%(name)s may come in. The office decides later whether it counts."),
            MarkKind.ARRIVED: _("%(name)s is here."),
            MarkKind.LEFT: _("%(name)s has left."),
            MarkKind.ABSENT: _("%(name)s is absent."),
        }[kind] % {"name": name or mark.registration_code}
    return {
        "said": said,
        "good": result.outcome != REFUSED,
        "was_so": result.outcome == "already",
        "first_at": result.first_at,
        "offer": result.outcome == REFUSED and mark.kind == MarkKind.ARRIVED and result.code in MAY_BE_LET_IN,
        "offered_code": mark.registration_code,
        "offered_key": mark.registration_id or "",
    }


def _row(session: Session, result: MarkResult) -> dict[str, Any]:
    """What a page that shows the door has to put in the place of its old row and counts."""
    entries = list(queries.people_of(session).filter(pk=result.registration_id or 0))
    return {
        "session": session,
        "card": queries.session_cards([session])[0],
        "people": queries.with_states(entries, session),
        "late_minutes": session.batch.program.late_minutes,
    }


def _listed(session: Session, entry: int) -> Registration:
    rows = queries.listed_in(session).select_related("region", "person", "batch__program__agency")
    return get_object_or_404(rows, pk=entry)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(TAKES)
def attendance_person(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """One person in one session: a mark with a time of its own, and the story of all marks."""
    session = hall(request, pk)
    person, form = _listed(session, entry), PersonMarkForm(posted(request), session=session)
    if attempt(form, lambda: note_one(form.mark(person), by=signed_in(request))):
        messages.success(request, _("Noted."))
        return redirect("participants:attendance_session", pk)
    return form_page(request, "participants/attendance_person.html", form, **_story(request, session, person))


def _story(request: HttpRequest, session: Session, person: Registration) -> dict[str, Any]:
    until = replaceable_until(session.batch)
    state = queries.with_states([person], session)[0][1]
    is_free = person.seat == Seat.HELD and (state is None or state.status != "present")
    return {
        "session": session,
        "batch": session.batch,
        "person": person,
        "state": state,
        "is_over": session.during.upper <= timezone.now(),
        "marks": queries.marks_of(session, person),
        "late_minutes": session.batch.program.late_minutes,
        "may_replace": is_free
        and until is not None
        and until > timezone.now()
        and can_correct(signed_in(request), person),
    }


def note_one(mark: MarkInput, *, by: User) -> MarkResult:
    """One mark from a form; a refusal goes beside it."""
    result = actions.note_marks(marks=[mark], by=by)[0]
    if result.outcome == REFUSED:
        raise ValidationError(MARK_REFUSALS[result.code], code=result.code)
    return result


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(TAKES)
def attendance_revoke(request: HttpRequest, pk: int, mark: int) -> HttpResponse:
    """Takes a mark back, with a reason; both stay in the book."""
    session = hall(request, pk)
    target = get_object_or_404(
        AttendanceMark.objects.standing().select_related("registration", "by"), pk=mark, session=pk
    )
    form = ReasonForm(posted(request))

    def revoke() -> None:
        back = form.cleaned_data["reason"]
        made = MarkInput(uuid.uuid4(), pk, MarkKind.REVOKED, target.way, revokes=target.client_id, note=back)
        note_one(made, by=signed_in(request))

    if attempt(form, revoke):
        messages.success(request, _("The mark is taken back."))
        return redirect("participants:attendance_person", pk, target.registration_id)
    context = {"session": session, "batch": session.batch, "mark": target, "person": target.registration}
    return form_page(request, "participants/attendance_revoke.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(TAKES)
def attendance_replace(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The seat of somebody who does not come passes to somebody who waits."""
    session = hall(request, pk)
    person = _listed(session, entry)
    require(can_correct(signed_in(request), person))
    line = queries.waiting_instead(session.batch)
    form = ReplaceForm(posted(request), line=line, initial={"came": line.first()})

    def replace() -> None:
        data = form.cleaned_data
        actions.replace(gone=person, came=data["came"], reason=data["reason"], by=signed_in(request))

    if attempt(form, replace):
        messages.success(request, _("The seat has passed on. Both are told."))
        return redirect("participants:attendance_session", pk)
    context = {"session": session, "batch": session.batch, "person": person, "until": replaceable_until(session.batch)}
    return form_page(request, "participants/attendance_replace.html", form, line=list(line[:FOUND]), **context)


@require_safe
@never_cache
@requires(Permission.VIEW_REGISTRATIONS)
def attendance_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Who took part how much, by the rule of the programme."""
    batch = visible_batch(request, pk, Permission.VIEW_REGISTRATIONS)
    timezone.activate(batch.program.agency.zone)
    found = queries.completions_in(batch, only_short="kurang" in request.GET)
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    sessions = list(batch.sessions.planned().in_order())
    context = {
        "batch": batch,
        "page": page,
        "cards": queries.session_cards(sessions),
        "figures": queries.completion_figures(batch),
        "only_short": "kurang" in request.GET,
    }
    return render(request, "participants/attendance_batch.html", context)
