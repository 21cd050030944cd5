"""Outcomes of meetings, entered by the village officer or for the village, and own words put under topics."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from jobs.actions import note_download
from kit.pages import keyset_page
from kit.posting import attempt, form_page, key_in, posted, require
from kit.scans import MOST_BYTES
from kit.uploads import takes_files
from programs import actions, queries
from programs.forms.demand import GroupForm, MeetingForm, WithdrawForm
from programs.models import TopicMeeting, TopicPhrase
from programs.permissions import can_enter_meeting, deciding_agencies
from programs.views.demand import seen_region, seen_round

PHRASES_SHOWN = 40


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@requires(Permission.ENTER_TOPIC_REQUESTS)
def meeting_enter(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A new outcome, or the correction of the one in force; the button for more rows keeps what was typed."""
    held, by = seen_round(request, pk), signed_in(request)
    region = seen_region(request, held, code)
    require(can_enter_meeting(by, held, code))
    known = held.meetings.in_force().with_parts().filter(region=region).first()
    again, sent = "add_row" in request.POST, str(request.POST.get("replaces", ""))
    files = request.FILES if request.method == "POST" else None
    topics = list(held.agency.topics.all())
    form = MeetingForm(posted(request), files, topics=topics, meeting=known, again=again)
    replaced = held.meetings.filter(region=region, pk=key_in(sent)).first()

    def enter() -> None:
        actions.enter_meeting(topic_round=held, region=region, outcome=form.outcome, replaces=replaced, by=by)

    if attempt(form, enter):
        messages.success(request, _("The outcome of the meeting is kept."))
        return redirect("programs:demand_place", pk, code)
    context = {"held": held, "region": region, "known": known, "replaces": sent or (known.pk if known else "")}
    return form_page(request, "programs/meeting_enter.html", form, **context)


def _seen_meeting(request: HttpRequest, pk: int) -> TopicMeeting:
    return get_object_or_404(TopicMeeting.objects.visible_to(signed_in(request)).with_parts(), pk=pk)


@require_safe
@requires(Permission.VIEW_TOPIC_REQUESTS)
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _seen_meeting(request, pk)
    may = can_enter_meeting(signed_in(request), meeting.round, meeting.region_id)
    return render(request, "programs/meeting_detail.html", {"meeting": meeting, "held": meeting.round, "may": may})


@require_safe
@requires(Permission.VIEW_TOPIC_REQUESTS)
def meeting_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome on paper, for the signature of the head of the village."""
    meeting = _seen_meeting(request, pk)
    return render(request, "programs/meeting_print.html", {"meeting": meeting, "agency": meeting.round.agency})


@require_safe
@requires(Permission.VIEW_TOPIC_REQUESTS)
def meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    stored = _seen_meeting(request, pk).file
    if stored is None:
        raise Http404
    note_download(stored=stored, by=signed_in(request))
    response = HttpResponse(stored.content(), content_type=stored.content_type)
    response["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ENTER_TOPIC_REQUESTS)
def meeting_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, by = _seen_meeting(request, pk), signed_in(request)
    require(can_enter_meeting(by, meeting.round, meeting.region_id))
    form = WithdrawForm(posted(request))
    if attempt(form, lambda: actions.withdraw_meeting(meeting=meeting, reason=form.cleaned_data["reason"], by=by)):
        messages.success(request, _("The outcome no longer counts."))
        return redirect("programs:demand_place", meeting.round_id, meeting.region_id)
    return form_page(request, "programs/meeting_withdraw.html", form, meeting=meeting, held=meeting.round)


@require_safe
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def phrase_list(request: HttpRequest) -> HttpResponse:
    """Words that wait, what most residents wrote first; or those that were grouped or set aside."""
    seen = TopicPhrase.objects.visible_to(signed_in(request)).select_related("topic", "agency")
    tab = request.GET.get("tab", "")
    if tab == "grouped":
        rows = seen.filter(topic__isnull=False)
    elif tab == "aside":
        rows = seen.filter(set_aside=True)
    else:
        rows, tab = seen.waiting(), ""
    page = keyset_page(rows.with_asked(), request.GET, size=PHRASES_SHOWN, by=["asked", "pk"])
    return render(request, "programs/phrase_list.html", {"page": page, "tab": tab})


def _kept_phrase(request: HttpRequest, pk: int) -> TopicPhrase:
    user = signed_in(request)
    phrase = get_object_or_404(TopicPhrase.objects.visible_to(user).select_related("agency", "topic"), pk=pk)
    require(phrase.agency in deciding_agencies(user))
    return phrase


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def phrase_group(request: HttpRequest, pk: int) -> HttpResponse:
    phrase, by = _kept_phrase(request, pk), signed_in(request)
    form = GroupForm(
        posted(request),
        phrase=phrase,
        topics=list(phrase.agency.topics.all()),
        suggested=queries.suggested_topics(phrase),
        alike=queries.alike_phrases(phrase),
    )
    if attempt(form, lambda: actions.group_phrases(agency=phrase.agency, by=by, **form.values)):
        messages.success(request, _("These words count under their topic now."))
        following = TopicPhrase.objects.visible_to(by).waiting().most_asked_first().first()
        return redirect("programs:phrase_group", following.pk) if following else redirect("programs:phrase_list")
    asked = TopicPhrase.objects.with_asked().get(pk=pk).asked
    return form_page(request, "programs/phrase_group.html", form, phrase=phrase, asked=asked)


@require_POST
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def phrase_aside(request: HttpRequest, pk: int) -> HttpResponse:
    phrase = _kept_phrase(request, pk)
    try:
        actions.set_phrase_aside(phrase=phrase, by=signed_in(request))
        messages.success(request, _("These words are set aside: they are no training."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("programs:phrase_list")


@require_POST
@requires(Permission.DECIDE_TOPIC_REQUESTS)
def phrase_free(request: HttpRequest, pk: int) -> HttpResponse:
    phrase = _kept_phrase(request, pk)
    try:
        actions.ungroup_phrase(phrase=phrase, by=signed_in(request))
        messages.success(request, _("These words wait again."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("programs:phrase_list")
