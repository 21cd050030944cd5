"""Requests about data at the office: the board with its clock, one request, and every step with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from kit.crypto import UndecryptableError
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal
from kit.uploads import takes_files
from participants import actions, queries
from participants.forms.documents import MOST_BYTES
from participants.forms.rights import (
    FORMS,
    AnswerForm,
    CorrectionFields,
    ProofForm,
    ReasonForm,
    RefusalForm,
    RequestFilterForm,
    ShortAnswerForm,
    request_form,
)
from participants.models import DataRequest, RequestKind
from participants.permissions import can_answer_requests
from participants.privacy.extracts import FORMATS
from participants.views.confirming import confirmation
from participants.views.desk import visible_registration
from participants.views.documents import HEADERS
from participants.views.own_rights import extract_response

ANSWERS, ERASES = Permission.MANAGE_DATA_REQUESTS, Permission.MANAGE_PRIVACY


def _visible(request: HttpRequest, pk: int) -> DataRequest:
    return get_object_or_404(DataRequest.objects.visible_to(signed_in(request)).with_parts(), pk=pk)


@require_safe
@never_cache
@requires(ANSWERS)
def data_request_list(request: HttpRequest) -> HttpResponse:
    """What is due first stands on top: the oldest has the least time left."""
    now, form = timezone.now(), RequestFilterForm(request.GET)
    seen = DataRequest.objects.visible_to(signed_in(request))
    found = form.narrow(seen, now)
    listed = found.select_related("person", "registration", "taken_by", "agency").without_words()
    context = {
        "form": form,
        "narrowed": bool(form.changed_data),
        "page": keyset_page(listed, request.GET, size=25, by=["pk"], newest_first=form.newest_first),
        "figures": queries.request_figures(seen, now),
        "now": now,
    }
    return render(request, "participants/data_request_list.html", context)


@require_safe
@never_cache
@requires(ANSWERS)
def data_request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _visible(request, pk), signed_in(request)
    subject, is_erasure = found.subject, found.kind == RequestKind.ERASURE and found.is_open
    fields = found.wishes.get("fields", {})
    context = {
        "asked": found,
        "subject": subject,
        "entries": queries.entries_of_subject(subject)[:20],
        "sees_entries": holds(user, Permission.VIEW_REGISTRATIONS, agency_id=found.agency_id),
        "wanted": [(name, getattr(subject, name), value) for name, value in fields.items()],
        "obstacles": queries.obstacles_to_erasing(subject) if is_erasure else [],
        "kept": queries.kept_by_law(subject) if is_erasure else [],
        "may_confirm": is_erasure and holds(user, ERASES, agency_id=found.agency_id) and found.proposed_by != user,
        "proposed_by_me": found.proposed_by == user,
        "hands_over": found.is_open and found.kind in {RequestKind.ACCESS, RequestKind.PORTABILITY},
        "may_release": found.subject.restricted_at and holds(user, ERASES, agency_id=found.agency_id),
        "now": timezone.now(),
    }
    return render(request, "participants/data_request_detail.html", context)


@require_safe
@never_cache
@requires(ANSWERS)
def data_request_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stands at the desk, or has written a letter: what do they ask? Begins at one of their entries."""
    registration = visible_registration(request, pk)
    require(can_answer_requests(signed_in(request), registration))
    kinds = [RequestKind(kind) for kind in FORMS]
    return render(request, "participants/data_request_start.html", {"registration": registration, "kinds": kinds})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes_files(MOST_BYTES)
@requires(ANSWERS)
def data_request_make(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    registration, by = visible_registration(request, pk), signed_in(request)
    require(can_answer_requests(signed_in(request), registration))
    if kind not in FORMS:
        raise Http404
    subject, proof = registration.person or registration, ProofForm(posted(request))
    form = request_form(kind, subject, *((request.POST, request.FILES) if proof.is_bound else ()), at_desk=True)
    made: list[DataRequest] = []

    def ask() -> None:
        asked = actions.Asked(kind=kind, identity=proof.cleaned_data["identity"], **form.asked())
        made.append(actions.ask(subject=subject, registration=registration, asked=asked, by=by))

    if (proof.is_valid() or not proof.is_bound) and attempt(form, ask):
        messages.success(request, _("The request has been written down. The clock runs from now."))
        return redirect(made[0])
    context = {"proof": proof, "registration": registration, "title": RequestKind(kind).label, "kind": kind}
    page = form_page(request, "participants/data_request_make.html", form, **context)
    page.status_code = 422 if proof.errors else page.status_code
    return page


@require_POST
@never_cache
@requires(ANSWERS)
def data_request_take(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk), signed_in(request)
    if tell_refusal(request, lambda: actions.take_request(request=found, by=by)):
        messages.success(request, _("This request is yours now."))
    return redirect(found)


def _step(
    request: HttpRequest, pk: int, kind: type[Any], act: Callable[[DataRequest, dict[str, Any]], Any], **words: Any
) -> HttpResponse:
    """One step with its form: `title`, `lead`, `button` and `done` are the words of its page."""
    found, form = _visible(request, pk), kind(posted(request))
    if attempt(form, lambda: act(found, form.cleaned_data)):
        messages.success(request, words["done"])
        return redirect(found)
    return form_page(request, "participants/data_request_step.html", form, asked=found, **words)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def data_request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    return _step(
        request,
        pk,
        AnswerForm,
        lambda found, said: actions.answer_request(request=found, answer=said["answer"], by=by),
        title=_("Answer"),
        lead=_("The person hears that there is an answer and reads it on their own page."),
        button=_("Send the answer"),
        done=_("The answer has been sent."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def data_request_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    return _step(
        request,
        pk,
        RefusalForm,
        lambda found, said: actions.refuse_request(request=found, **said, by=by),
        title=_("Refuse"),
        lead=_("A refusal needs a reason of the law and words that the person understands."),
        button=_("Refuse the request"),
        done=_("The request has been refused, and the person hears of it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def data_request_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer sees what is on file with the wished values filled in, and writes what the evidence shows."""
    found, by = _visible(request, pk), signed_in(request)
    wished = found.wishes.get("fields", {})
    form = CorrectionFields(posted(request), subject=found.subject)
    form.initial |= wished
    answer = ShortAnswerForm(posted(request))

    def correct() -> None:
        words = answer.cleaned_data["answer"] if answer.is_valid() else ""
        actions.correct_as_asked(request=found, fields=form.changed_values(), answer=words, by=by)

    if attempt(form, correct):
        messages.success(request, _("The data has been corrected, and the person hears of it."))
        return redirect(found)
    context = {"asked": found, "answer": answer, "wished": list(wished)}
    return form_page(request, "participants/data_request_correct.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def data_request_restrict(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    return _step(
        request,
        pk,
        ShortAnswerForm,
        lambda found, said: actions.restrict_as_asked(request=found, answer=said["answer"], by=by),
        title=_("Restrict the data"),
        lead=_("The data stays, and leaves lists, exports and messages. A training that runs goes on until its end."),
        button=_("Restrict the data"),
        done=_("The data is restricted."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ERASES)
def data_request_release(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    return _step(
        request,
        pk,
        ReasonForm,
        lambda found, said: actions.lift_restriction(subject=found.subject, reason=said["reason"], by=by),
        title=_("End the restriction"),
        lead=_("Only at the wish of the person, or when its cause is gone."),
        button=_("End the restriction"),
        done=_("The data may be used again."),
    )


ERASING: dict[str, Callable[..., DataRequest]] = {
    "propose": actions.propose_erasure,
    "drop": actions.drop_erasure_proposal,
    "confirm": actions.confirm_erasure,
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def data_request_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposed by one officer, confirmed by another, who is asked once more."""
    found, by, step = _visible(request, pk), signed_in(request), request.POST.get("step", "")
    if request.method != "POST":
        return _erase_for_ever(request, found) if found.is_open and found.proposed_at else redirect(found)
    if step == "confirm":
        require(holds(by, ERASES, agency_id=found.agency_id))
    done = {
        "propose": _("Erasing is proposed. Another officer confirms it."),
        "drop": _("The proposal is dropped."),
        "confirm": _("The data has been erased."),
    }
    if step in ERASING and tell_refusal(request, lambda: ERASING[step](request=found, by=by)):
        messages.success(request, done[step])
    return redirect(found)


def _erase_for_ever(request: HttpRequest, found: DataRequest) -> HttpResponse:
    require(holds(signed_in(request), ERASES, agency_id=found.agency_id))
    words = _("Everything that names this person goes: entries, contact, photos, messages. Nobody can undo it.")
    of, back = f"{found.subject.full_name}, {found.shown_code}", found.get_absolute_url()
    return confirmation(request, _("Erase for ever"), words, of=of, back=back, fields=[("step", "confirm")])


@require_POST
@never_cache
@requires(ANSWERS)
def data_request_extract(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The copy that is handed over at the desk; who made it stands in the trail and in the next copy."""
    found, by = _visible(request, pk), signed_in(request)
    if form not in FORMATS or not found.is_open or found.kind not in {RequestKind.ACCESS, RequestKind.PORTABILITY}:
        raise Http404
    actions.note_extract(subject=found.subject, file_format=form, by=by, purpose=found.shown_code)
    return extract_response(found.subject, form)


@require_safe
@never_cache
@requires(ANSWERS)
def data_request_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    try:
        content, kind = actions.look_at_request_evidence(request=found, by=signed_in(request))
    except (ValidationError, UndecryptableError) as error:
        raise Http404 from error
    name = f"bukti-{found.code}.{'pdf' if kind == 'application/pdf' else 'jpg'}"
    how = "attachment" if kind == "application/pdf" else "inline"
    headers = HEADERS | {"Content-Disposition": f'{how}; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
