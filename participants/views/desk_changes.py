"""What the office does for a resident: register, correct, move to another batch, withdraw."""

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.identity import show_temporary
from kit.posting import attempt, form_page, posted, require
from participants import actions
from participants.forms import CorrectionForm
from participants.forms.desk import OfficeForm
from participants.forms.staff import MoveForm, OfficeWithdrawForm
from participants.models import Registration
from participants.permissions import can_correct, can_move, can_register_assisted
from participants.views.desk import visible_registration
from programs.models import Batch, BatchQuerySet


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.REGISTER_ASSISTED)
def registration_assist(request: HttpRequest, pk: int) -> HttpResponse:
    """The public form at the counter: the officer saw the card and witnessed the consent."""
    batch, user = desk_batch(request, pk), signed_in(request)
    form = OfficeForm(posted(request), batch=batch)
    made: list[Registration] = []
    if attempt(form, lambda: made.append(register_with(form, batch, by=user))):
        messages.success(request, _("Registered. The number is %(code)s.") % {"code": made[0].shown_code})
        if made[0].is_temporary:
            told = {"number": show_temporary(made[0].nik)}
            messages.info(request, _("The temporary number is %(number)s. Please write it on the slip.") % told)
        return redirect(made[0])
    return form_page(request, "participants/registration_assist.html", form, batch=batch, phase=batch.phase())


def desk_batch(request: HttpRequest, pk: int) -> Batch:
    """For whoever may register people in it. Times of the page are then those of its office."""
    user = signed_in(request)
    batches = Batch.objects.visible_to(user).with_parts().prefetch_related("program__rules")
    batch = get_object_or_404(batches, pk=pk)
    require(can_register_assisted(user, batch))
    timezone.activate(batch.program.agency.zone)
    return batch


def register_with(form: OfficeForm, batch: Batch, *, by: User) -> Registration:
    return actions.register_at_desk(
        proxy=form.proxy,
        batch=batch,
        declaration=form.declaration,
        submission_key=form.cleaned_data["submission_key"],
        consents=form.consents,
        by=by,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.REGISTER_ASSISTED, Permission.VERIFY_REGISTRATIONS)
def registration_correct(request: HttpRequest, pk: int) -> HttpResponse:
    registration, by = visible_registration(request, pk), signed_in(request)
    require(can_correct(by, registration))
    form = CorrectionForm(posted(request), registration=registration)
    if attempt(form, lambda: actions.correct(registration=registration, declaration=form.declaration, by=by)):
        messages.success(request, _("The entry has been corrected."))
        return redirect(registration)
    return form_page(request, "participants/registration_correct.html", form, registration=registration)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.MOVE_REGISTRATIONS)
def registration_move(request: HttpRequest, pk: int) -> HttpResponse:
    registration, by = visible_registration(request, pk), signed_in(request)
    require(can_move(by, registration))
    targets = _targets(by, registration)
    form = MoveForm(posted(request), targets=targets)
    if attempt(form, lambda: actions.move(registration=registration, by=by, **form.cleaned_data)):
        messages.success(request, _("Moved to %(batch)s. The resident is told.") % {"batch": form.cleaned_data["to"]})
        return redirect(registration)
    return form_page(request, "participants/registration_move.html", form, registration=registration, targets=targets)


def _targets(user: User, registration: Registration) -> BatchQuerySet:
    """Batches of the same office that still take somebody, the soonest first."""
    reached = Batch.objects.visible_to(user, Permission.MOVE_REGISTRATIONS).with_parts()
    same_office = reached.filter(program__agency=registration.batch.program.agency, state=Batch.State.PUBLISHED)
    has_room = Q(waiting_count=0, quota__gt=F("seats_held") + F("seats_offered")) | Q(
        waiting_quota__gt=F("waiting_count")
    )
    coming = same_office.filter(has_room, Q(starts_at__isnull=True) | Q(starts_at__gt=timezone.now()))
    return coming.exclude(pk=registration.batch_id).soonest_first()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.REGISTER_ASSISTED, Permission.VERIFY_REGISTRATIONS)
def registration_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """For a resident who said so by phone or in person."""
    registration, by = visible_registration(request, pk), signed_in(request)
    require(can_correct(by, registration))
    form = OfficeWithdrawForm(posted(request))
    if attempt(form, lambda: actions.withdraw(registration=registration, reason=form.cleaned_data["reason"], by=by)):
        messages.success(request, _("The registration was cancelled. The seat goes to the next in line."))
        return redirect(registration)
    return form_page(request, "participants/registration_withdraw.html", form, registration=registration)
