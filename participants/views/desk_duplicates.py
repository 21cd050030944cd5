"""Entries of one batch that may be one person: side by side, and one answer for each pair."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from participants import actions, queries
from participants.forms.staff import ConfirmForm
from participants.models import Registration
from participants.permissions import can_verify_in
from participants.rules import similarity
from participants.views.desk import Compared, compare, tell_undoable, visible_batch
from programs.models import Batch

SEES = Permission.VIEW_REGISTRATIONS


@dataclass(frozen=True)
class ShownPair:
    first: Registration
    second: Registration
    lines: list[Compared]
    likeness: int


@require_safe
@never_cache
@requires(SEES)
def duplicate_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_batch(request, pk, SEES)
    pairs = [
        ShownPair(
            pair.first,
            pair.second,
            compare(pair.first, pair.second),
            similarity(queries.person_facts(pair.first), queries.person_facts(pair.second)),
        )
        for pair in queries.suspected_duplicates(batch)
    ]
    pairs.sort(key=lambda pair: (-pair.likeness, pair.first.pk))
    context = {"batch": batch, "pairs": pairs, "may_verify": can_verify_in(signed_in(request), batch)}
    return render(request, "participants/duplicate_list.html", context)


def _pair(request: HttpRequest, batch: Batch, first: str, second: str) -> tuple[Registration, Registration]:
    """Two visible entries of the batch, named in the request."""
    entries = Registration.objects.visible_to(signed_in(request)).filter(batch=batch).with_parts().with_position()
    keys = [request.POST.get(name, "") or request.GET.get(name, "") for name in (first, second)]
    one, other = (get_object_or_404(entries, pk=key if key.isdecimal() and len(key) < 19 else 0) for key in keys)
    return one, other


@require_POST
@never_cache
@requires(SEES)
def duplicate_deny(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_batch(request, pk, SEES)
    require(can_verify_in(signed_in(request), batch))
    first, second = _pair(request, batch, "first", "second")
    try:
        actions.mark_different(first=first, second=second, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Noted as two different people. This pair is not shown again."))
    return redirect("participants:duplicate_list", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def duplicate_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more before the second entry is rejected as a duplicate."""
    batch, by = visible_batch(request, pk, SEES), signed_in(request)
    require(can_verify_in(by, batch))
    keep, drop = _pair(request, batch, "keep", "drop")
    form = ConfirmForm(posted(request))
    if attempt(form, lambda: actions.resolve_duplicate(keep=keep, drop=drop, by=by)):
        tell_undoable(request, drop, _("Rejected as a duplicate: %(code)s.") % {"code": drop.shown_code})
        return redirect("participants:duplicate_list", pk)
    context = {"batch": batch, "keep": keep, "drop": drop, "lines": compare(keep, drop)}
    return form_page(request, "participants/duplicate_resolve.html", form, **context)
