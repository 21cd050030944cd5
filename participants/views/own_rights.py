"""The rights on the own page: what is kept, who looked, what to take along, what to ask."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.posting import attempt, form_page, tell_refusal
from kit.throttle import limited
from kit.uploads import takes_files
from participants import actions, queries
from participants.actions.asking import agency_of
from participants.forms.documents import MOST_BYTES
from participants.forms.rights import FORMS, request_form
from participants.models import ConsentPurpose, Person, RequestKind
from participants.privacy.extracts import FORMATS, made, sections_of
from participants.views import doors
from participants.views.doors import Visitor

CHOICES = (ConsentPurpose.BROADCAST, ConsentPurpose.WHATSAPP)


@login_not_required
@require_safe
@doors.own_page
def own_rights(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """All rights in plain words, each with its button."""
    agency = visitor.registration.batch.program.agency
    consents, texts = queries.consents_of(visitor.subject), queries.texts_in_force(agency)
    choices = [(one, consents.get(one), queries.filled(texts[one].said, agency)) for one in CHOICES]
    context = {
        "visitor": visitor,
        "choices": choices,
        "requests": queries.requests_of(visitor.subject).without_words()[:20],
        "restricted": visitor.subject.restricted_at,
        "portal_agency": agency,
    }
    return render(request, "participants/own_rights.html", context)


@login_not_required
@require_POST
@limited("data_request")
@doors.own_page
def own_consent(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Each purpose is switched for itself, at once."""
    purpose, entry = request.POST.get("purpose", ""), visitor.registration

    def switch() -> None:
        if request.POST.get("answer") == "yes":
            actions.give_consent(subject=visitor.subject, registration=entry, purpose=purpose, by=None)
        else:
            actions.withdraw_consent(
                subject=visitor.subject, registration=entry, purpose=purpose, identity=visitor.identity, by=None
            )

    if tell_refusal(request, switch):
        messages.success(request, _("Noted. It holds from now on."))
    return redirect("participants:own_rights")


@login_not_required
@require_POST
@limited("data_request")
@doors.own_page
def own_release(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Whoever restricted the use of their data allows it again, at once."""
    if tell_refusal(request, lambda: actions.end_own_restriction(subject=visitor.subject, by=None)):
        messages.success(request, _("Your data may be used again."))
    return redirect("participants:own_rights")


@login_not_required
@require_safe
@doors.own_page
def own_data(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Everything that is kept, and who looked."""
    context = {
        "visitor": visitor,
        "sections": sections_of(visitor.subject),
        "portal_agency": visitor.registration.batch.program.agency,
    }
    return render(request, "participants/own_data.html", context)


def extract_response(subject: queries.Subject, form: str) -> HttpResponse:
    """A file without a name in its name: downloads lie about on shared telephones."""
    agency = agency_of(subject)
    name = f"data-saya-{agency.today():%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made(subject, agency, form), content_type=FORMATS[form], headers=headers)


@login_not_required
@require_POST
@limited("own_extract")
@doors.own_page
def own_extract(request: HttpRequest, visitor: Visitor, form: str) -> HttpResponse:
    """The same to take along."""
    if form not in FORMATS:
        raise Http404
    actions.note_extract(subject=visitor.subject, file_format=form, by=None)
    return extract_response(visitor.subject, form)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@limited("data_request")
@doors.own_page
def own_request_make(request: HttpRequest, visitor: Visitor, kind: str) -> HttpResponse:
    if kind not in FORMS:
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = request_form(kind, visitor.subject, *sent)

    def ask() -> None:
        asked = actions.Asked(kind=kind, identity=visitor.identity, **form.asked())
        actions.ask(subject=visitor.subject, registration=visitor.registration, asked=asked, by=None)

    if attempt(form, ask):
        messages.success(request, _("Your request has been received. The office answers within 72 hours."))
        return redirect("participants:own_rights")
    is_erasure = kind == RequestKind.ERASURE
    context = {
        "visitor": visitor,
        "kind": kind,
        "title": RequestKind(kind).label,
        "obstacles": queries.obstacles_to_erasing(visitor.subject) if is_erasure else [],
        "kept": queries.kept_by_law(visitor.subject) if is_erasure else [],
    }
    return form_page(request, "participants/own_request_make.html", form, **context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@doors.own_page
def own_request(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One request: what was asked, until when, the answer; taken back by a button while it is open."""
    found = get_object_or_404(queries.requests_of(visitor.subject), code=code)
    if request.method == "POST":
        try:
            actions.take_back_request(request=found, by=None)
            messages.success(request, _("You have taken the request back."))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("participants:own_request", code=code)
    wanted = [(name, value) for name, value in found.wishes.get("fields", {}).items()]
    context = {"visitor": visitor, "asked": found, "wanted": wanted, "is_person": isinstance(visitor.subject, Person)}
    return render(request, "participants/own_request.html", context)
