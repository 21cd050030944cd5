"""After the payment, at the desk: whether the money came, how it was used, and the end of the file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.forms.after import ReceiptForm, ReopenForm, SettleForm
from incentives.models import Award, Competition, ReceiptCheck
from incentives.permissions import can_manage_competition, can_reopen_file
from incentives.queries.after import AfterBoard, standing_check
from incentives.queries.awards import payee_name
from incentives.queries.closing import open_points
from incentives.views.results import visible_competition
from kit.posting import attempt, form_page, posted, require, tell_refusal

PARTS = ("payment", "tier", "competition__program__agency", "entry__registration")


@require_safe
@never_cache
@requires(Permission.VIEW_COMPETITIONS)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), visible_competition(request, pk)
    board = AfterBoard(competition)
    points = open_points(board) if competition.state == Competition.State.DECLARED else []
    context = {
        "competition": competition,
        "board": board,
        "points": points,
        "steps": competition.file_steps.select_related("by").order_by("-pk"),
        "is_finished": competition.state == Competition.State.FINISHED,
        "may": can_manage_competition(user, competition),
        "may_reopen": can_reopen_file(user, competition),
        "reads": holds(user, Permission.VIEW_BUDGETS, agency_id=competition.program.agency_id),
    }
    return render(request, "incentives/follow_up.html", context)


def _run(request: HttpRequest, pk: int) -> Competition:
    competition = visible_competition(request, pk)
    require(can_manage_competition(signed_in(request), competition))
    return competition


@require_POST
@requires(Permission.MANAGE_COMPETITIONS)
def receipt_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """At once, what the clock does within ten minutes of a payment."""
    competition, asked = _run(request, pk), 0

    def draw() -> None:
        nonlocal asked
        asked = actions.follow_payments(competition=competition, by=signed_in(request))

    if tell_refusal(request, draw):
        messages.success(request, _told(asked))
    return redirect("incentives:follow_up", pk)


@require_POST
@requires(Permission.MANAGE_COMPETITIONS)
def receipt_ask_all(request: HttpRequest, pk: int) -> HttpResponse:
    competition, asked = _run(request, pk), 0

    def ask() -> None:
        nonlocal asked
        asked = actions.ask_everybody(competition=competition, by=signed_in(request))

    if tell_refusal(request, ask):
        messages.success(request, _told(asked))
    return redirect("incentives:follow_up", pk)


def _told(asked: int) -> str:
    return ngettext("%(count)d winner is asked.", "%(count)d winners are asked.", asked) % {"count": asked}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.MANAGE_COMPETITIONS)
def award_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer notes what a winner said on the telephone."""
    user = signed_in(request)
    award = get_object_or_404(Award.objects.visible_to(user).select_related(*PARTS), pk=pk)
    require(can_manage_competition(user, award.competition))
    form = ReceiptForm(posted(request))
    if attempt(form, lambda: actions.note_receipt(award=award, said=form.said, by=user)):
        messages.success(request, _("Noted what the winner said."))
        return redirect("incentives:follow_up", award.competition_id)
    context = {"award": award, "name": payee_name(award), "check": standing_check(award)}
    return form_page(request, "incentives/award_receipt.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.MANAGE_COMPETITIONS)
def receipt_settle(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = ReceiptCheck.objects.visible_to(user).select_related(*(f"award__{part}" for part in PARTS))
    check = get_object_or_404(rows, pk=pk)
    require(can_manage_competition(user, check.award.competition))
    form = SettleForm(posted(request), check=check)
    if attempt(form, lambda: actions.settle_receipt(check=check, by=user, **form.cleaned_data)):
        messages.success(request, _("It is settled."))
        return redirect("incentives:follow_up", check.award.competition_id)
    return form_page(request, "incentives/receipt_settle.html", form, check=check, name=payee_name(check.award))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def file_close(request: HttpRequest, pk: int) -> HttpResponse:
    competition, user = _run(request, pk), signed_in(request)
    if request.method == "POST":
        if tell_refusal(request, lambda: actions.close_file(competition=competition, by=user)):
            messages.success(request, _("The file is closed."))
        return redirect("incentives:follow_up", pk)
    board = AfterBoard(competition)
    context = {"competition": competition, "points": open_points(board), "board": board}
    return render(request, "incentives/file_close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REOPEN_FILES)
def file_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    competition, user = visible_competition(request, pk), signed_in(request)
    require(can_reopen_file(user, competition))
    form = ReopenForm(posted(request))
    if attempt(form, lambda: actions.reopen_file(competition=competition, by=user, **form.cleaned_data)):
        messages.success(request, _("The file is open again."))
        return redirect("incentives:follow_up", pk)
    return form_page(request, "incentives/file_reopen.html", form, competition=competition)
