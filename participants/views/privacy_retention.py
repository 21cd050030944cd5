"""How long data is kept: the rules, what they would remove, and the decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require, tell_refusal
from participants import actions, queries
from participants.forms.privacy import ApproveRetentionForm, DiscardRetentionForm, RetentionRuleForm
from participants.models import RetentionKind, RetentionRule, RetentionRun
from participants.queries.retention import grown_of
from participants.views.confirming import confirmation
from participants.views.privacy import KEEPS, SEES, may_keep, office

# What a rule begins with before the office has one: proposals, to be put right by the archives' schedule.
PROPOSED_MONTHS = {
    RetentionKind.NEVER_TOOK_PART: 12,
    RetentionKind.TOOK_PART: 120,
    RetentionKind.MESSAGES: 12,
    RetentionKind.JURORS: 12,
    RetentionKind.OBJECTIONS: 60,
}


def _kind(code: str) -> RetentionKind:
    if code not in RetentionKind.values:
        raise Http404
    return RetentionKind(code)


def _rule(agency: Agency, code: str) -> RetentionRule:
    rules = RetentionRule.objects.select_related("agency")
    return get_object_or_404(rules, agency=agency, kind=_kind(code))


@require_safe
@never_cache
@requires(SEES)
def retention_list(request: HttpRequest) -> HttpResponse:
    agency = office(request)
    mine = RetentionRule.objects.filter(agency=agency).select_related("standing_by")
    rules = {rule.kind: rule for rule in mine}
    runs = RetentionRun.objects.visible_to(signed_in(request)).filter(rule__agency=agency).with_parts()
    open_runs = {run.rule_id: run for run in runs.filter(state__in=["proposed", "approved"])}
    rows = [
        {
            "kind": kind,
            "rule": rule,
            "run": open_runs.get(rule.pk) if rule else None,
            "months": PROPOSED_MONTHS[kind],
            "approver": queries.standing_approver(rule) if rule else None,
        }
        for kind in RetentionKind
        for rule in [rules.get(kind)]
    ]
    ended = runs.exclude(state__in=["proposed", "approved"])[:20]
    context = {"agency": agency, "rows": rows, "ended": ended, "may_keep": may_keep(request, agency)}
    return render(request, "participants/retention_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def retention_edit(request: HttpRequest, kind: str) -> HttpResponse:
    agency, by, wanted = office(request, KEEPS), signed_in(request), _kind(kind)
    rule = RetentionRule.objects.filter(agency=agency, kind=wanted).first()
    first = {"months": PROPOSED_MONTHS[wanted], "is_active": True}
    if rule is not None:
        first = {name: getattr(rule, name) for name in ("months", "legal_basis", "is_active")}
    form = RetentionRuleForm(posted(request), initial=first)
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if attempt(form, lambda: actions.save_retention_rule(agency=agency, kind=wanted, by=by, **data)):
        messages.success(request, _("The rule is saved."))
        return redirect("participants:retention_list")
    return form_page(request, "participants/retention_edit.html", form, agency=agency, kind=wanted, rule=rule)


@require_POST
@requires(KEEPS)
def retention_propose(request: HttpRequest, kind: str) -> HttpResponse:
    """Looks now instead of at night. Nothing is removed by it."""
    rule, by = _rule(office(request, KEEPS), kind), signed_in(request)
    run = actions.propose_retention(rule=rule, by=by)
    if run is None:
        messages.info(request, _("Nothing is due by this rule, or a proposal waits already."))
        return redirect("participants:retention_list")
    return redirect("participants:retention_detail", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def retention_standing(request: HttpRequest, kind: str) -> HttpResponse:
    """Ending it is one press; giving it is asked about first, because the next night removes what nobody has seen."""
    rule, by = _rule(office(request, KEEPS), kind), signed_in(request)
    if request.method != "POST":
        words = _("Every night removes what is due by this rule, in your name and unasked. Nobody can undo it.")
        step, back = _("Let the night carry it out"), reverse("participants:retention_list")
        fields = [("step", "give")]
        return confirmation(request, step, words, of=rule.get_kind_display(), back=back, fields=fields)
    gives = request.POST.get("step") == "give"
    act = actions.give_standing_approval if gives else actions.end_standing_approval
    if tell_refusal(request, lambda: act(rule=rule, by=by)):
        done = _("The night carries it out now.") if gives else _("From now on somebody decides each time.")
        messages.success(request, done)
    return redirect("participants:retention_list")


def _run(request: HttpRequest, pk: int, permission: Permission = SEES) -> RetentionRun:
    agency = office(request, permission)
    return get_object_or_404(RetentionRun.objects.with_parts().filter(rule__agency=agency), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def retention_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go, by figures and by the oldest names; the button is for who keeps the rules."""
    run, by = _run(request, pk), signed_in(request)
    require(request.method != "POST" or may_keep(request, run.rule.agency))
    form = ApproveRetentionForm(posted(request), initial={"expected": str(run.found)})

    def approve() -> None:
        actions.approve_retention(run=run, expected=form.cleaned_data["expected"], by=by)

    if attempt(form, approve):
        messages.success(request, _("It is being carried out. You may leave this page."))
        return redirect("participants:retention_detail", pk)
    context = {
        "run": run,
        "sample": queries.sample_of(run) if run.is_open else [],
        "years": queries.years_of(run) if run.is_open else [],
        "grown": grown_of(run) if run.is_open else [],
        "may_keep": may_keep(request, run.rule.agency),
    }
    return form_page(request, "participants/retention_detail.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def retention_discard(request: HttpRequest, pk: int) -> HttpResponse:
    run, by = _run(request, pk, KEEPS), signed_in(request)
    form = DiscardRetentionForm(posted(request))
    if attempt(form, lambda: actions.discard_retention(run=run, note=form.cleaned_data["note"], by=by)):
        messages.success(request, _("Nothing was removed. The night looks again."))
        return redirect("participants:retention_list")
    return form_page(request, "participants/retention_discard.html", form, run=run)
