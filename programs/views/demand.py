"""The demand board: what is wanted where, and the decisions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from programs import actions, queries
from programs.forms.demand import AsideForm, ChooseForm, DecisionForm, PlaceFilterForm, RoundForm
from programs.models import TopicDecision, TopicPhrase, TopicRequest, TopicRound
from programs.permissions import can_decide_topics, can_enter_meeting, deciding_agencies
from regions.models import Region
from regions.rules import is_code

PAGE_SIZE = 30


def seen_round(request: HttpRequest, pk: int) -> TopicRound:
    rounds = TopicRound.objects.visible_to(signed_in(request)).select_related("agency__region")
    return get_object_or_404(rounds, pk=pk)


def seen_region(request: HttpRequest, held: TopicRound, code: str) -> Region:
    if not is_code(code):
        raise Http404
    regions = queries.regions_of(held, signed_in(request), Permission.VIEW_TOPIC_REQUESTS)
    return get_object_or_404(regions, code=code)


@require_safe
@requires(Permission.VIEW_TOPIC_REQUESTS)
def demand_rounds(request: HttpRequest) -> HttpResponse:
    """The newest round; a page that says how to begin while there is none."""
    user = signed_in(request)
    newest = TopicRound.objects.visible_to(user).newest_first().first()
    if newest is not None:
        return redirect("programs:demand_board", newest.pk)
    return render(request, "programs/demand_rounds.html", {"may": bool(deciding_agencies(user))})


@require_safe
@requires(Permission.VIEW_TOPIC_REQUESTS)
def demand_board(request: HttpRequest, pk: int) -> HttpResponse:
    held, user = seen_round(request, pk), signed_in(request)
    form = PlaceFilterForm(request.GET)
    found = queries.board_regions(held, user, **form.wanted)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    every = queries.board_regions(held, user)
    context = {
        "held": held,
        "rounds": TopicRound.objects.visible_to(user).newest_first()[:12],
        "form": form,
        "narrowed": bool(form.wanted),
        "page": page,
        "rows": queries.board_rows(held, list(page)),
        "asked": TopicRequest.objects.visible_to(user).filter(round=held).counted().count(),
        "met": held.meetings.in_force().filter(region__in=every).count(),
        "settled": held.decisions.chosen().filter(region__in=every).values("region").distinct().count(),
        "regions": every.count(),
        "waiting": TopicPhrase.objects.visible_to(user).waiting().filter(agency=held.agency_id).count(),
        "keeps": held.agency in deciding_agencies(user),
    }
    return render(request, "programs/demand_board.html", context)


@require_safe
@requires(Permission.VIEW_TOPIC_REQUESTS)
def demand_place(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    held, user = seen_round(request, pk), signed_in(request)
    region = seen_region(request, held, code)
    (row,) = queries.board_rows(held, [region])
    decided = {decision.topic_id: decision for decision in row.decisions}
    context = {
        "held": held,
        "region": region,
        "row": row,
        "lines": [(one, decided.get(one.topic.pk)) for one in row.demand],
        "others": [one for one in row.decisions if one.topic_id not in {line.topic.pk for line in row.demand}],
        "former": held.decisions.filter(region=region, undone_at__isnull=False).select_related("topic", "undone_by"),
        "meetings": held.meetings.filter(region=region).with_parts().order_by("-pk"),
        "may_decide": can_decide_topics(user, held, code),
        "may_enter": can_enter_meeting(user, held, code),
    }
    return render(request, "programs/demand_place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def demand_decide(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    held, by = seen_round(request, pk), signed_in(request)
    region = seen_region(request, held, code)
    require(can_decide_topics(by, held, code))
    first = {"topic": request.GET.get("topik", ""), "outcome": request.GET.get("putusan", "chosen")}
    form = DecisionForm(posted(request), topics=list(held.agency.topics.all()), initial=first)

    def decide() -> None:
        actions.decide_topic(topic_round=held, region=region, by=by, **form.cleaned_data)

    if attempt(form, decide):
        messages.success(request, _("The decision stands on the public page."))
        return redirect("programs:demand_place", pk, code)
    return form_page(request, "programs/demand_decide.html", form, held=held, region=region)


@require_POST
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def decision_undo(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    rows = TopicDecision.objects.visible_to(by, Permission.DECIDE_TOPIC_REQUESTS).select_related("round__agency")
    decision = get_object_or_404(rows, pk=pk)
    try:
        actions.undo_decision(decision=decision, by=by)
        messages.success(request, _("The decision is taken back. The topic is open again."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("programs:demand_place", decision.round_id, decision.region_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def demand_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """In every region without a choice what is wanted most, at once."""
    held, by = seen_round(request, pk), signed_in(request)
    require(can_decide_topics(by, held))
    open_regions = queries.board_regions(held, by, state="open")
    codes = list(open_regions.values_list("code", flat=True))
    form = ChooseForm(posted(request), initial={"per_region": 1})
    done: list[int] = []

    def choose() -> None:
        data = form.cleaned_data
        number = int(data["per_region"])
        done.append(
            actions.choose_most_wanted(topic_round=held, regions=codes, per_region=number, reason=data["reason"], by=by)
        )

    if attempt(form, choose):
        said = ngettext("%(count)d topic is chosen.", "%(count)d topics are chosen.", done[0])
        messages.success(request, said % {"count": done[0]})
        return redirect("programs:demand_board", pk)
    rows = [row for row in queries.board_rows(held, list(open_regions)) if row.demand]
    return form_page(request, "programs/demand_choose.html", form, held=held, rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def round_create(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    agencies = deciding_agencies(by)
    require(bool(agencies))
    form = RoundForm(posted(request), agencies=agencies, instance=TopicRound())
    if attempt(form, lambda: _keep(form, request)):
        messages.success(request, _("The round is kept. Residents see it from its first day on."))
        return redirect("programs:demand_board", form.instance.pk)
    return form_page(request, "programs/round_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    held, by = seen_round(request, pk), signed_in(request)
    require(held.agency in deciding_agencies(by))
    form = RoundForm(posted(request), agencies=[held.agency], instance=held)
    if attempt(form, lambda: _keep(form, request)):
        messages.success(request, _("Saved."))
        return redirect("programs:demand_board", pk)
    return form_page(request, "programs/round_edit.html", form, held=TopicRound.objects.get(pk=pk))


def _keep(form: RoundForm, request: HttpRequest) -> None:
    topics = list(form.cleaned_data["topics"])
    actions.save_round(topic_round=form.instance, topics=topics, by=signed_in(request))


@require_safe
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def origin_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Networks that sent many wishes, to set aside what nobody wished."""
    held = _kept_round(request, pk)
    context = {"held": held, "origins": queries.large_origins(held), "form": AsideForm(auto_id=False)}
    return render(request, "programs/origin_list.html", context)


def _kept_round(request: HttpRequest, pk: int) -> TopicRound:
    held = seen_round(request, pk)
    require(held.agency in deciding_agencies(signed_in(request)))
    return held


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def origin_aside(request: HttpRequest, pk: int, sent: int) -> HttpResponse:
    held, by = _kept_round(request, pk), signed_in(request)
    one = get_object_or_404(TopicRequest.objects.select_related("round__agency"), pk=sent, round=held)
    form = AsideForm(posted(request))
    if attempt(form, lambda: actions.set_aside_origin(sent=one, reason=form.cleaned_data["reason"], by=by)):
        messages.success(request, _("These wishes no longer count."))
        return redirect("programs:origin_list", pk)
    same = TopicRequest.objects.filter(round=held, origin=one.origin).exclude(origin="")
    return form_page(request, "programs/origin_aside.html", form, held=held, total=same.counted().count())


@require_POST
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def origin_count(request: HttpRequest, pk: int, sent: int) -> HttpResponse:
    held, by = _kept_round(request, pk), signed_in(request)
    one = get_object_or_404(TopicRequest.objects.select_related("round__agency"), pk=sent, round=held)
    try:
        actions.count_origin_again(sent=one, by=by)
        messages.success(request, _("These wishes count again."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("programs:origin_list", pk)
