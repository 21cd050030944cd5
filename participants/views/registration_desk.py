"""The registration desk: one screen, the keyboard alone, one person after the other on a weak line."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.identity import nik_warnings, show_temporary
from kit.pages import keyset_page
from kit.posting import attempt, require
from kit.throttle import allow
from participants import actions, queries
from participants.actions.access import CLAIM_DAYS
from participants.forms.desk import DeskForm, typed_from_file
from participants.models import Proxy, Registration
from participants.permissions import can_register_assisted
from participants.views.desk import visible_registration
from participants.views.desk_changes import desk_batch, register_with
from participants.views.public import qr_svg
from programs.models import Batch

REGISTERS = Permission.REGISTER_ASSISTED
PAPERS = ("58", "80", "A4")


@require_safe
@never_cache
@requires(REGISTERS)
def desk_choose(request: HttpRequest) -> HttpResponse:
    """The batch is chosen once and kept for the session; `?pilih` asks again."""
    user, now = signed_in(request), timezone.now()
    open_batches = Batch.objects.visible_to(user, REGISTERS).accepting(now)
    last = open_batches.filter(pk=request.session.get("desk_batch", 0)).first()
    if last is not None and "pilih" not in request.GET:
        return redirect("participants:desk_register", last.pk)
    listed = open_batches.with_chance(now).with_moment().with_parts()
    page = keyset_page(listed, request.GET, size=30, newest_first=False, by=["chance", "moment", "pk"])
    return render(request, "participants/desk_choose.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(REGISTERS)
def desk_register(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; `check` and `fill` are buttons of it that work without JavaScript too."""
    batch, user = desk_batch(request, pk), signed_in(request)
    if request.method != "POST":
        request.session["desk_batch"] = batch.pk
        return _page(request, batch, DeskForm(batch=batch))
    form = DeskForm(request.POST, batch=batch)
    if {"check", "fill"} & request.POST.keys():
        return _shown_again(request, batch, form)
    made: list[Registration] = []
    if attempt(form, lambda: made.append(register_with(form, batch, by=user))):
        return _onward(request, reverse("participants:desk_done", args=[made[0].pk]))
    return _page(request, batch, form, status=422)


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    """A script that sent the form opens the next page itself, so that it travels the weak line once."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"next": address}, status=201)
    return redirect(address)


def _page(request: HttpRequest, batch: Batch, form: DeskForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"batch": batch, "form": form, "phase": batch.phase(), "submission_key": form.refreshed_key()}
    if form.is_bound and "answer" not in more:
        more["answer"] = _answer(batch, form, signed_in(request))
    return render(request, "participants/desk_register.html", context | more, status=status)


def _shown_again(request: HttpRequest, batch: Batch, form: DeskForm) -> HttpResponse:
    """With the answer beside it, and what the number or the file card says in the fields that are empty yet."""
    user = signed_in(request)
    answer, filled = _answer(batch, form, user), {}
    found = answer["found"]
    if found is not None:
        filled = {name: value for name, value in (("birth_date", found.born), ("sex", found.sex)) if value}
        if "fill" in request.POST and found.person is not None:
            person = actions.use_file(person=found.person, by=user)
            filled |= typed_from_file(person, form)
    again = form.shown_again(filled)
    return _page(request, batch, again, answer=answer, submission_key=form.refreshed_key())


@require_POST
@never_cache
@requires(REGISTERS)
def desk_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is on file and which requirements are met, while the rest is still being typed."""
    batch = desk_batch(request, pk)
    answer = _answer(batch, DeskForm(request.POST, batch=batch), signed_in(request))
    return render(request, "participants/desk_check.html", {"batch": batch, "answer": answer})


def _answer(batch: Batch, form: DeskForm, user: User) -> dict[str, Any]:
    form.is_valid()
    limit, seconds = settings.THROTTLES["desk_check"]
    nik = form.typed_nik
    if nik and not allow(f"desk_check:{user.pk}", limit, seconds):
        return {"found": None, "lines": [], "flags": [], "too_many": True}
    found = queries.found_by_number(nik, batch, user) if nik else None
    lines = queries.eligibility_lines(batch, form.facts(found.held if found else None), now=timezone.now())
    data = form.cleaned_data
    today = batch.program.agency.today()
    codes = nik_warnings(nik, birth_date=data.get("birth_date"), sex=data.get("sex"), today=today) if nik else []
    return {
        "found": found,
        "lines": [line for line in lines if found or line.kind != "not_twice"],
        "flags": [f"nik_{code}" for code in codes],
        "nik": nik,
        "nik_error": bool(form.data.get("nik")) and not nik and "nik" in form.errors,
    }


def _made_here(request: HttpRequest, pk: int) -> Registration:
    registration = visible_registration(request, pk)
    require(can_register_assisted(signed_in(request), registration.batch))
    timezone.activate(registration.batch.program.agency.zone)
    return registration


@require_safe
@never_cache
@requires(REGISTERS)
def desk_done(request: HttpRequest, pk: int) -> HttpResponse:
    registration = _made_here(request, pk)
    context = {
        "registration": registration,
        "batch": registration.batch,
        "paper": request.session.get("desk_paper", PAPERS[0]),
        "papers": PAPERS,
        "phase": registration.batch.phase(),
    }
    return render(request, "participants/desk_done.html", context)


@require_POST
@never_cache
@requires(REGISTERS)
def desk_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Number, times and a code good for one use; the code stands on this answer and nowhere else."""
    registration, by = _made_here(request, pk), signed_in(request)
    paper = request.POST.get("paper") if request.POST.get("paper") in PAPERS else PAPERS[0]
    request.session["desk_paper"] = paper
    batch = registration.batch
    address = f"{settings.SITE_URL}{reverse('participants:status')}?nomor={registration.code}"
    context = {
        "registration": registration,
        "batch": batch,
        "agency": batch.program.agency,
        "sessions": batch.sessions.planned().in_order().select_related("venue"),
        "code": actions.issue_claim_code(registration=registration, by=by),
        "days": CLAIM_DAYS,
        "paper": paper,
        "qr": qr_svg(address),
        "proxy": Proxy.objects.filter(registration=registration).first(),
        "consents": registration.consents.order_by("pk"),
        "now": timezone.now(),
        "temporary_number": show_temporary(registration.nik) if registration.is_temporary else "",
    }
    return render(request, "participants/desk_slip.html", context)
