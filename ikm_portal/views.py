"""Pages that span apps."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from ikm_portal import queries, waiting
from ikm_portal.forms import SampleForm
from kit.pages import keyset_page
from participants.views.complaints import complaint_expired
from participants.views.public import register_expired
from programs.models import Batch
from programs.views.wishes import wish_expired

SHOWN_ON_HOME = 6


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The soonest batches that still take people; those with a free seat before those with a waiting list."""
    now = timezone.now()
    joinable = Batch.objects.accepting(now).with_chance(now).with_moment().with_parts()
    batches = keyset_page(joinable, {}, size=SHOWN_ON_HOME, newest_first=False, by=["chance", "moment", "pk"]).rows
    return render(request, "ikm_portal/home.html", {"batches": batches})


@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    now = timezone.now()
    context = {
        "today": timezone.localtime(now),
        "tasks": waiting.tasks_of(user),
        "batches": queries.coming_batches(user, now),
        "guarded_since": queries.guarded_since(user),
    }
    return render(request, "ikm_portal/workspace.html", context)


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the face on one page, in the demonstration only."""
    if not settings.DEMONSTRATION:
        raise Http404
    return render(request, "styleguide.html", {"form": SampleForm.with_errors(), "now": timezone.now()})


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the library's look at the form for its token: a form that cannot be read would fail there once more."""
    return render(request, "400.html", status=400)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form. What a resident typed for a registration is not lost: the form comes back filled in."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match is not None and match.view_name in {"participants:register", "participants:draft_save"}:
        return register_expired(request, **match.kwargs)
    if match is not None and match.view_name == "participants:complaint_send":
        return complaint_expired(request)
    if match is not None and match.view_name == "programs:wish_send":
        return wish_expired(request, **match.kwargs)
    return render(request, "403.html", status=403)
