"""Writing to the people of a batch: draft, review, send, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import form_page, require, tell_refusal
from notifications.models import Channel, Message
from notifications.notices import foresee, foresee_channels, letter_placeholders
from participants import actions, notices
from participants.actions.writing import MOST_RECIPIENTS
from participants.forms.writing import BroadcastForm, SendForm
from participants.models import Broadcast, Registration
from participants.permissions import can_write_to
from participants.views.confirming import confirmation
from participants.views.desk import visible_batch
from participants.views.desk_lists import chosen_entries
from programs.models import Batch

SAMPLES = 3
SENDS = Permission.SEND_MESSAGES


@dataclass(frozen=True)
class Way:
    """How many people are reached by one channel; `by_hand` needs somebody of the office."""

    label: str
    count: int
    by_hand: bool


def _writable_batch(request: HttpRequest, pk: int) -> Batch:
    batch = visible_batch(request, pk)
    require(can_write_to(signed_in(request), batch))
    return batch


def _visible(request: HttpRequest, pk: int) -> Broadcast:
    return get_object_or_404(Broadcast.objects.visible_to(signed_in(request)).with_parts(), pk=pk)


@require_safe
@never_cache
@requires(SENDS)
def broadcast_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _writable_batch(request, pk)
    broadcasts = Broadcast.objects.filter(batch=batch).with_parts().order_by("-pk")[:50]
    return render(request, "participants/broadcast_list.html", {"batch": batch, "broadcasts": broadcasts})


@require_POST
@requires(SENDS)
def broadcast_start(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft: to everybody with a seat, or to what is ticked or matches in the list."""
    batch = _writable_batch(request, pk)
    chosen = None
    if request.POST.get("from") == "list":
        chosen = chosen_entries(request, batch, MOST_RECIPIENTS)
        if not chosen:
            messages.warning(request, _("Please tick at least one entry first."))
            return redirect("participants:registration_list", pk)
    try:
        broadcast = actions.start_broadcast(batch=batch, chosen=chosen, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("participants:batch_desk", pk)
    return redirect("participants:broadcast_edit", broadcast.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SENDS)
def broadcast_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever is typed is kept as a draft; the review opens only when nothing is wrong."""
    broadcast = _visible(request, pk)
    if not broadcast.is_draft:
        return redirect("participants:broadcast_detail", pk)
    form = BroadcastForm(request.POST if request.method == "POST" else None, broadcast=broadcast)
    seen = broadcast.revision
    if form.is_bound:
        ready, seen = form.is_valid(), _keep(request, broadcast, form)
        if seen and "later" in request.POST:
            messages.success(request, _("The draft is kept."))
            return redirect("participants:broadcast_list", broadcast.batch_id)
        if seen and ready:
            return redirect("participants:broadcast_review", pk)
    context = {"broadcast": broadcast, "batch": broadcast.batch, "known": letter_placeholders(), "seen": seen}
    return form_page(request, "participants/broadcast_edit.html", form, **context)


def _keep(request: HttpRequest, broadcast: Broadcast, form: BroadcastForm) -> int:
    """The new revision, or 0 when a colleague was faster."""
    revision = form.cleaned_data.get("revision", 0)
    try:
        saved = actions.save_broadcast(broadcast=broadcast, revision=revision, by=signed_in(request), **form.typed)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return 0
    return saved.revision


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SENDS)
def broadcast_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gets it by which way, three copies as people will read them, and only then the button."""
    broadcast = _visible(request, pk)
    if not broadcast.is_draft:
        return redirect("participants:broadcast_detail", pk)
    complete = BroadcastForm(_as_typed(broadcast), broadcast=broadcast)
    if not complete.is_valid():
        return redirect("participants:broadcast_edit", pk)
    form = SendForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _send(request, broadcast, form):
        return redirect("participants:broadcast_detail", pk)
    return form_page(request, "participants/broadcast_review.html", form, **_review(broadcast))


def _as_typed(broadcast: Broadcast) -> dict[str, Any]:
    names = ("seats", "checks", "subject_id", "body_id", "subject_en", "body_en", "revision")
    return {name: getattr(broadcast, name) for name in names}


def _send(request: HttpRequest, broadcast: Broadcast, form: SendForm) -> bool:
    try:
        told = actions.send_broadcast(broadcast=broadcast, by=signed_in(request), **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    sentence = ngettext("%(count)d message will be sent.", "%(count)d messages will be sent.", told)
    messages.success(request, sentence % {"count": told})
    return True


def _review(broadcast: Broadcast) -> dict[str, Any]:
    people = list(broadcast.audience()[: MOST_RECIPIENTS + 1])
    batch, sessions = broadcast.batch, notices.planned_sessions(broadcast.batch)
    for registration in people:
        registration.batch = batch
    drafts = [notices.broadcast_draft(broadcast, registration, sessions) for registration in people]
    found = foresee_channels(drafts)
    reached = {channel: count for (channel, known), count in found.items() if known}
    return {
        "broadcast": broadcast,
        "batch": batch,
        "count": len(people),
        "ways": [Way(str(Channel(name).label), reached[name], name in {"manual", "call"}) for name in sorted(reached)],
        "without_address": sum(count for (_channel, known), count in found.items() if not known),
        "samples": foresee(_spread(drafts)),
        "languages": _languages(broadcast, people),
    }


def _spread(drafts: Sequence[Any]) -> list[Any]:
    """First, middle and last; of each language at least one where there are two."""
    picked = {0, len(drafts) // 2, len(drafts) - 1} if drafts else set()
    other = next((place for place, draft in enumerate(drafts) if draft.language != drafts[0].language), None)
    if other is not None and other not in picked:
        picked = {0, other, len(drafts) - 1}
    return [drafts[place] for place in sorted(picked)][:SAMPLES]


def _languages(broadcast: Broadcast, people: Sequence[Registration]) -> int:
    """How many who read English get the Indonesian text, because no English one was written."""
    return 0 if "en" in broadcast.wordings else sum(1 for one in people if one.language == "en")


@require_safe
@never_cache
@requires(SENDS)
def broadcast_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it, by channel and state."""
    broadcast = _visible(request, pk)
    if broadcast.is_draft:
        return redirect("participants:broadcast_edit", pk)
    rows = Message.objects.filter(group=broadcast.group).counted()
    context = {
        "broadcast": broadcast,
        "batch": broadcast.batch,
        "rows": rows,
        "waiting": sum(row.count for row in rows if row.state == "queued"),
    }
    return render(request, "participants/broadcast_detail.html", context)


@require_POST
@requires(SENDS)
def broadcast_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = _visible(request, pk)
    try:
        count = actions.take_back_broadcast(broadcast=broadcast, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        sentence = ngettext("%(count)d message was taken back.", "%(count)d messages were taken back.", count)
        messages.success(request, sentence % {"count": count})
    return redirect("participants:broadcast_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SENDS)
def broadcast_discard(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = _visible(request, pk)
    if request.method != "POST":
        words = _("The draft is gone with everything written in it. Nobody has received it.")
        step, back = _("Discard this draft"), reverse("participants:broadcast_edit", args=[pk])
        return confirmation(request, step, words, of=broadcast.batch.name, back=back)
    if not tell_refusal(request, lambda: actions.discard_broadcast(broadcast=broadcast, by=signed_in(request))):
        return redirect("participants:broadcast_detail", pk)
    messages.success(request, _("The draft was discarded."))
    return redirect("participants:broadcast_list", broadcast.batch_id)
