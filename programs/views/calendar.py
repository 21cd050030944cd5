"""The calendar of the office: a month, a week, a list; and its links for telephones."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from kit.months import month_named, next_month
from kit.pages import keyset_page
from kit.posting import posted
from programs import actions, queries
from programs.forms.calendar import CalendarFilterForm, FeedForm
from programs.models import CalendarFeed, Session
from programs.rules import day_named, monday_of, month_days

LIST_SIZE = 40


def _office(user: User) -> Agency:
    """Whose clock and today count: the office of the person, or of the first role."""
    return user.agency or user.role_assignments.select_related("agency")[0].agency


def _context(request: HttpRequest, form: CalendarFilterForm, mode: str, **more: Any) -> dict[str, Any]:
    kept = request.GET.copy()
    for name in ("bulan", "pekan", "dari", "after", "before"):
        kept.pop(name, None)
    return {"form": form, "mode": mode, "narrowed": bool(form.wanted), "kept": kept.urlencode(), **more}


@require_safe
@requires(Permission.VIEW_BATCHES)
def calendar_month(request: HttpRequest) -> HttpResponse:
    """On a wide screen a sheet of weeks, on a telephone the days that have sessions."""
    user = signed_in(request)
    office, form = _office(user), CalendarFilterForm(request.GET, user=user)
    first = month_named(request.GET.get("bulan", "")) or office.today().replace(day=1)
    days = month_days(first)
    found = form.narrow(Session.objects.visible_to(user).planned())
    sessions = queries.sessions_of_days(found, days, office.zone)
    shown = queries.by_day(sessions, days, office.zone, first.month)
    context = {
        "first": first,
        "before": next_month(first, -1),
        "after": next_month(first),
        "today": office.today(),
        "days": shown,
        "any_outing": any(day.outings for day in shown),
        "week": days[:7],
    }
    return render(request, "programs/calendar_month.html", _context(request, form, "month", **context))


@require_safe
@requires(Permission.VIEW_BATCHES)
def calendar_week(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    office, form = _office(user), CalendarFilterForm(request.GET, user=user)
    monday = monday_of(day_named(request.GET.get("pekan", "")) or office.today())
    days = [monday + timedelta(days=number) for number in range(7)]
    found = form.narrow(Session.objects.visible_to(user))
    sessions = queries.sessions_of_days(found, days, office.zone)
    context = {
        "days": queries.by_day(sessions, days, office.zone),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "first": monday,
        "last": days[-1],
        "today": office.today(),
    }
    return render(request, "programs/calendar_week.html", _context(request, form, "week", **context))


@require_safe
@requires(Permission.VIEW_BATCHES)
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Every session from a day on, page by page, also those that were cancelled."""
    user = signed_in(request)
    office, form = _office(user), CalendarFilterForm(request.GET, user=user)
    since: date = day_named(request.GET.get("dari", "")) or office.today()
    found = form.narrow(Session.objects.visible_to(user)).filter(
        during__endswith__gt=queries.start_of(since, office.zone)
    )
    listed = found.with_places().with_moment()
    page = keyset_page(listed, request.GET, size=LIST_SIZE, newest_first=False, by=["moment", "pk"])
    return render(request, "programs/calendar_list.html", _context(request, form, "list", page=page, since=since))


def _feeds_page(request: HttpRequest, form: FeedForm | None, token: str = "", whose: str = "") -> HttpResponse:
    user = signed_in(request)
    own = CalendarFeed.objects.in_force().filter(user=user).first()
    others = CalendarFeed.objects.in_force().filter(agency__in=_resource_agencies(user), instructor__isnull=False)
    link = request.build_absolute_uri(reverse("programs:feed_read", args=[token])) if token else ""
    context = {
        "own": own,
        "others": others.select_related("instructor", "created_by").order_by("instructor__full_name"),
        "form": form,
        "link": link,
        "whose": whose,
    }
    status = 422 if form is not None and form.errors else 200
    response = render(request, "programs/feed_list.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _resource_agencies(user: User) -> list[int]:
    return [
        given.agency_id
        for given in user.role_assignments.select_related("agency")
        if holds(user, Permission.MANAGE_RESOURCES, given.agency_id)
    ]


def _feed_form(request: HttpRequest) -> FeedForm | None:
    user = signed_in(request)
    return FeedForm(posted(request), user=user) if holds(user, Permission.MANAGE_RESOURCES) else None


@require_safe
@requires(Permission.VIEW_BATCHES)
def feed_list(request: HttpRequest) -> HttpResponse:
    return _feeds_page(request, _feed_form(request))


@require_POST
@requires(Permission.VIEW_BATCHES)
def feed_open(request: HttpRequest) -> HttpResponse:
    """The link stands in the answer to this one POST and nowhere else."""
    by = signed_in(request)
    token = actions.open_feed(agency=_office(by), by=by)
    unbound = FeedForm(user=by) if holds(by, Permission.MANAGE_RESOURCES) else None
    return _feeds_page(request, unbound, token, by.full_name)


@require_http_methods(["POST"])
@requires(Permission.MANAGE_RESOURCES)
def feed_give(request: HttpRequest) -> HttpResponse:
    """A link for an instructor, shown once to be handed on."""
    by, form = signed_in(request), FeedForm(request.POST, user=signed_in(request))
    if not form.is_valid():
        return _feeds_page(request, form)
    instructor = form.cleaned_data["instructor"]
    token = actions.open_feed(agency=instructor.agency, instructor=instructor, by=by)
    return _feeds_page(request, FeedForm(user=by), token, str(instructor))


@require_POST
@requires(Permission.VIEW_BATCHES)
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    mine = CalendarFeed.objects.filter(user=by)
    given = CalendarFeed.objects.filter(instructor__isnull=False, agency__in=_resource_agencies(by))
    feed = get_object_or_404((mine | given).select_related("agency"), pk=pk)
    try:
        actions.revoke_feed(feed=feed, by=by)
        messages.success(request, _("The link is revoked. Calendars that use it get nothing any more."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("programs:feed_list")
