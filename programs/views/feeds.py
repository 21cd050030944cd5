"""A calendar for telephones, by a secret link: times with their zone, nobody's name."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from kit.throttle import limited
from programs import queries
from programs.models import Batch, CalendarFeed, Session


@login_not_required
@require_safe
@limited("feed", "GET", "HEAD")
def feed_read(request: HttpRequest, token: str) -> HttpResponse:
    """The sessions of the link's owner; the same bytes and ETag as long as nothing changed."""
    feed = CalendarFeed.objects.of_token(token)
    if feed is None or (feed.user is not None and not feed.user.is_active):
        raise Http404
    with translation.override(feed.user.language if feed.user else "id"):
        body = _calendar(feed, request).to_ical()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="jadwal.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(feed: CalendarFeed, request: HttpRequest) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Portal IKM//jadwal//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Training schedule"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    zone = feed.agency.zone
    for session in queries.sessions_of_feed(feed):
        calendar.add_component(_event(session, zone, feed.created_at, request))
    calendar.add_missing_timezones()
    return calendar


def _event(session: Session, zone: ZoneInfo, stamp: datetime, request: HttpRequest) -> Event:
    batch, venue = session.batch, session.venue
    event = Event()
    event.add("uid", f"sesi-{session.pk}@{request.get_host().partition(':')[0]}")
    event.add("dtstamp", stamp)
    event.add("dtstart", session.during.lower.astimezone(zone))
    event.add("dtend", session.during.upper.astimezone(zone))
    event.add("summary", f"{session.topic or session.get_kind_display()} · {batch.region.name}")
    if venue is not None:
        event.add("location", ", ".join(part for part in (venue.name, venue.address) if part))
    event.add("description", f"{batch.program}, {batch.name}")
    event.add("status", _status(session, batch))
    if batch.is_public:
        event.add("url", request.build_absolute_uri(batch.get_absolute_url()))
    return event


def _status(session: Session, batch: Batch) -> str:
    if session.cancelled or batch.state == Batch.State.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if batch.state == Batch.State.PLANNED else "CONFIRMED"
