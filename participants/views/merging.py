"""Two cards that may be one person: found, compared, decided, merged by two officers, undone."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, User
from accounts.permissions import assignments_with, covers_agency, office_q, offices_of, requires, signed_in
from accounts.roles import Permission
from jobs.actions import start
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require
from participants import actions, queries, rules
from participants.forms.persons import MergeDecisionForm, MergeForm, PairForm
from participants.models import Person, PersonMerge, PersonPair
from participants.permissions import can_approve_merges, can_merge_persons

MERGES = (Permission.MERGE_PERSONS, Permission.APPROVE_MERGES)
PAGE_SIZE = 25
MOST_ENTRIES = 20
SETTLED = {
    "approve": gettext_lazy("Merged. It can be undone for some days from here."),
    "refuse": gettext_lazy("Refused. The pair is back in the list."),
    "withdraw": gettext_lazy("Taken back. The pair is back in the list."),
    "undo": gettext_lazy("Undone. Both cards stand as before."),
}


@dataclass(frozen=True)
class ComparedGroup:
    """One line of two cards side by side; `side` is whose value is chosen, `first` or `second`."""

    name: str
    differs: bool
    side: str = ""


@require_safe
@never_cache
@requires(*MERGES)
def pair_list(request: HttpRequest) -> HttpResponse:
    """What waits to be looked at, the likest first; and, by tab, what was put off or is on its way."""
    user, today = signed_in(request), timezone.localdate()
    pairs = PersonPair.objects.visible_to(user)
    merges = PersonMerge.objects.visible_to(user)
    tab = request.GET.get("tab", "")
    tabs: dict[str, Any] = {"": pairs.to_decide(today), "later": pairs.put_off(today)}
    tabs |= {"proposed": merges.proposed(), "merged": merges.merged(), "different": pairs.filter(decision="different")}
    rows = tabs.get(tab, tabs[""])
    if tab in {"proposed", "merged"}:
        page: Any = keyset_page(rows.select_related("kept", "gone", "proposed_by"), request.GET, size=PAGE_SIZE)
    else:
        page = keyset_page(rows.with_cards(), request.GET, size=PAGE_SIZE, by=("score", "pk"))
    context = {
        "page": page,
        "tab": tab if tab in tabs else "",
        "counts": {name or "all": counted(found) for name, found in tabs.items() if name != "different"},
        "may_search": bool(_office(user)),
    }
    return render(request, "participants/pair_list.html", context)


def _office(user: User) -> Agency | None:
    """Whose cards the search compares: the own office first, else the first one of the roles."""
    given = [one.agency for one in assignments_with(user, Permission.MERGE_PERSONS) if covers_agency(one)]
    return next((agency for agency in given if agency.pk == user.agency_id), given[0] if given else None)


@require_POST
@requires(Permission.MERGE_PERSONS)
def pair_search(request: HttpRequest) -> HttpResponse:
    """Compares what is new since the last night, as a job with progress."""
    user = signed_in(request)
    office = _office(user)
    if office is None:
        raise PermissionDenied
    title, place = _("People on file twice"), reverse("participants:pair_list")
    job = start(kind="persons_find", params={}, agency=office, by=user, title=title, place=place)
    return redirect("jobs:job_detail", job.pk)


def _cards(request: HttpRequest, first: int, second: int) -> tuple[Person, Person]:
    """Two cards of one office that the user may compare; the lower number is A."""
    user = signed_in(request)
    free = Q(restricted_at__isnull=True) | office_q(user, Permission.MANAGE_PRIVACY)
    seen = Person.objects.filter(free, anonymised_at__isnull=True, agency__in=offices_of(user, *MERGES))
    found = seen.select_related("agency", "region__parent", "verified_by").in_bulk([first, second])
    if len(found) != 2 or len({card.agency_id for card in found.values()}) != 1:
        raise Http404
    return found[min(found)], found[max(found)]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*MERGES)
def pair_detail(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Side by side with the differences marked; the decision below."""
    (one, other), by = _cards(request, first, second), signed_in(request)
    proposes = request.POST.get("step") == "propose"
    merging = MergeForm(posted(request) if proposes else None, first=one, second=other)
    deciding = PairForm(None if proposes else posted(request))
    require(request.method != "POST" or can_merge_persons(by, one))
    made: list[PersonMerge] = []
    if attempt(merging, lambda: made.append(actions.propose_merge(by=by, **merging.decision))):
        messages.success(request, _("Proposed. Somebody else has to approve the merge."))
        return redirect("participants:merge_detail", made[0].pk)
    if attempt(deciding, lambda: _decide(deciding, one, other, by)):
        messages.success(request, _("Noted. This pair is no longer in the list."))
        return redirect("participants:pair_list")
    context = _compared(one, other, merging) | {"deciding": deciding, "may_merge": can_merge_persons(by, one)}
    return form_page(
        request, "participants/pair_detail.html", deciding if deciding.is_bound else merging, merging=merging, **context
    )


def _decide(form: PairForm, one: Person, other: Person, by: User) -> None:
    step, note = form.cleaned_data["step"], form.cleaned_data["note"]
    actions.decide_pair(first=one, second=other, decision=step, note=note, by=by)


def _compared(one: Person, other: Person, merging: MergeForm) -> dict[str, Any]:
    pair = PersonPair.objects.of(one, other).select_related("decided_by").first()
    return {
        "first": one,
        "second": other,
        "pair": pair,
        "lines": [
            ComparedGroup(group, group in merging.groups, merging.side(group) if group in merging.groups else "")
            for group in rules.CARD_GROUPS
        ],
        "kept": merging.side("kept"),
        "conflicts": queries.merge_conflicts(one, other),
        "waiting": PersonMerge.objects.proposed().about(one.pk, other.pk).first(),
        "entries": [(card, list(queries.entries_of_subject(card)[:MOST_ENTRIES])) for card in (one, other)],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*MERGES)
def merge_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal with what would stand on the card, or what became of it."""
    by = signed_in(request)
    seen = PersonMerge.objects.visible_to(by).select_related(
        *("agency", "kept__agency", "kept__region__parent", "gone__region__parent"),
        *("proposed_by", "decided_by", "undone_by"),
    )
    merge = get_object_or_404(seen, pk=pk)
    may_approve = can_approve_merges(by, merge.kept)
    form = MergeDecisionForm(posted(request))
    if attempt(form, lambda: _settle(merge, form, by, may_approve)):
        messages.success(request, SETTLED[form.cleaned_data["step"]])
        if form.cleaned_data["step"] == "approve":
            return redirect(merge.kept)
        return redirect("participants:merge_detail", pk)
    context = {"merge": merge, "may_approve": may_approve, "is_own": merge.proposed_by_id == by.pk}
    context |= {"can_undo": may_approve and merge.can_be_undone_at(timezone.now())}
    if merge.gone is not None:
        context |= {"lines": _chosen(merge), "conflicts": queries.merge_conflicts(merge.kept, merge.gone)}
    return form_page(request, "participants/merge_detail.html", form, **context)


def _settle(merge: PersonMerge, form: MergeDecisionForm, by: User, may_approve: bool) -> None:
    step, note = form.cleaned_data["step"], form.cleaned_data["note"]
    if step == "withdraw":
        actions.withdraw_merge(merge=merge, by=by)
        return
    require(may_approve)
    {"approve": actions.approve_merge, "refuse": actions.refuse_merge, "undo": actions.undo_merge}[step](
        merge=merge, note=note, by=by
    )


def _chosen(merge: PersonMerge) -> list[ComparedGroup]:
    side = {rules.KEPT: "first", rules.GONE: "second"}
    return [
        ComparedGroup(group, group in merge.choices, side[merge.choices.get(group, rules.KEPT)])
        for group in rules.CARD_GROUPS
    ]
