"""What waits for somebody, by what they may do: the lines of the workspace's first page, all counted by one query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import assignments_of, holds, office_q
from accounts.roles import Permission
from documents.models import Document
from incentives.models import Entry as Pitch
from incentives.models import ReceiptCheck, UseReport
from kit.pages import Counted, as_counted, counting
from notifications.models import Channel, Message, WhatsAppGateway
from participants import queries
from participants.models import (
    EARNS_CERTIFICATE,
    IMPORT_DUTIES,
    CardReport,
    CheckState,
    Complaint,
    DataRequest,
    DoorCase,
    Incident,
    PersonMerge,
    PersonPair,
    Registration,
    RegistrationImport,
    RetentionRun,
    SignedSheet,
    awaiting_settlement,
)
from participants.models.complaint import HANDLED_BY
from participants.models.incident import TIME_TO_TELL
from participants.papers.certificates import CERTIFICATE_CODE
from participants.queries.job_cards import SOON
from programs.models import Batch, Session

# Certificates and sheets of longer ago are history: their own pages still list them.
LATELY = timedelta(days=365)
LATE = "danger"


@dataclass(frozen=True)
class Line:
    """One question. Rows with a `clock` also tell when the first of them is due.

    `within` names the key in the rows of what they belong to, and the page of one such thing: the tile leads there
    when all rows belong to the same.
    """

    label: str
    rows: "QuerySet[Any]"
    url: str
    tone: str = ""
    has_clock: bool = False
    within: tuple[str, str] | None = None


@dataclass(frozen=True)
class Task:
    label: str
    count: Counted
    url: str
    tone: str = ""
    due_at: datetime | None = None


def tasks_of(user: User) -> list[Task]:
    """Only what is more than zero, what is late first."""
    now = timezone.now()
    lines = [line for part in PARTS for line in part(user, now)]
    if not lines:
        return []
    asked = [counting(line.rows) for line in lines]
    for line in lines:
        asked += _asked_beside(line)
    found = User.objects.filter(pk=user.pk).values_list(*asked).get()
    beside = iter(found[len(lines) :])
    tasks = []
    for line, count in zip(lines, found[: len(lines)], strict=True):
        due = next(beside) if line.has_clock else None
        url = _place(line, next(beside), next(beside)) if line.within else line.url
        tasks.append(Task(line.label, as_counted(count), url, line.tone, due))
    return sorted((task for task in tasks if task.count.number), key=lambda task: task.tone != LATE)


def _asked_beside(line: Line) -> list[Subquery]:
    asked = [_first(line, "clock", "clock")] if line.has_clock else []
    if line.within:
        key, _page = line.within
        asked += [_first(line, key, key), _first(line, f"-{key}", key)]
    return asked


def _first(line: Line, order: str, value: str) -> Subquery:
    return Subquery(line.rows.order_by(order).values(value)[:1])


def _place(line: Line, lowest: int | None, highest: int | None) -> str:
    if line.within is None or lowest is None or lowest != highest:
        return line.url
    return reverse(line.within[1], args=[lowest])


def _office(user: User) -> Agency | None:
    """Whose day it is: the own office, else that of the first role."""
    return user.agency or next((given.agency for given in assignments_of(user)), None)


def _entries(user: User, now: datetime) -> Iterator[Line]:
    if not (holds(user, Permission.VIEW_REGISTRATIONS) and holds(user, Permission.VIEW_BATCHES)):
        return
    batches = reverse("participants:batch_list")
    current = Batch.objects.visible_to(user, Permission.VIEW_REGISTRATIONS).current(now)
    active = Registration.objects.filter(batch__in=current).active()
    yield Line(_("Entries to check"), active.filter(check_state=CheckState.PENDING), batches, "info")
    yield Line(_("Identity to settle"), active.filter(person__isnull=True), batches, "warning")
    yield Line(_("Waiting for a correction"), active.filter(check_state=CheckState.NEEDS_FIX), batches)


def _pitches(user: User, now: datetime) -> Iterator[Line]:
    if holds(user, Permission.CHECK_PITCHES):
        rows = Pitch.objects.to_check_by(user)
        yield Line(_("Pitches to check"), rows, reverse("incentives:competition_list"), "info")


def _complaints(user: User, now: datetime) -> Iterator[Line]:
    if not any(holds(user, permission) for permission in HANDLED_BY):
        return
    listed = reverse("participants:complaint_list")
    seen = Complaint.objects.visible_to(user).open()
    yield Line(_("Complaints that wait"), seen, listed, "info")
    if user.agency:
        yield Line(_("Complaints overdue"), seen.overdue(user.agency.today()), f"{listed}?state=overdue", LATE)


def _rights(user: User, now: datetime) -> Iterator[Line]:
    if not holds(user, Permission.MANAGE_DATA_REQUESTS):
        return
    listed = reverse("participants:data_request_list")
    seen = DataRequest.objects.visible_to(user).annotate(clock=F("due_at"))
    yield Line(_("Requests about data overdue"), seen.overdue(now), f"{listed}?state=overdue", LATE, has_clock=True)
    yield Line(_("Requests about data"), seen.open().filter(due_at__gte=now), listed, "info", has_clock=True)
    if holds(user, Permission.MANAGE_PRIVACY):
        to_confirm = seen.open().filter(proposed_at__isnull=False).exclude(proposed_by=user)
        yield Line(_("Erasures to confirm"), to_confirm, listed, "warning", has_clock=True)


def _privacy(user: User, now: datetime) -> Iterator[Line]:
    if not holds(user, Permission.VIEW_PRIVACY):
        return
    listed = reverse("participants:incident_list")
    untold = Incident.objects.visible_to(user).untold().annotate(clock=F("discovered_at") + TIME_TO_TELL)
    yield Line(_("Incidents not told in time"), untold.overdue(now), listed, LATE, has_clock=True)
    in_time = untold.filter(discovered_at__gte=now - TIME_TO_TELL)
    yield Line(_("Incidents to be told"), in_time, listed, "warning", has_clock=True)
    if holds(user, Permission.MANAGE_PRIVACY):
        proposed = RetentionRun.objects.visible_to(user).proposed()
        yield Line(_("Removals to approve"), proposed, reverse("participants:retention_list"), "info")


def _attendance(user: User, now: datetime) -> Iterator[Line]:
    if not holds(user, Permission.TAKE_ATTENDANCE):
        return
    office = _office(user)
    if office is not None:
        settled = SignedSheet.objects.settled().filter(session=OuterRef("pk"))
        today = queries.sessions_on(user, office.today(), office.zone).exclude(Exists(settled))
        yield Line(_("Sessions of today"), today, reverse("participants:attendance_day"), "info")
    if holds(user, Permission.SETTLE_ATTENDANCE):
        board = reverse("participants:attendance_board")
        seen = Session.objects.visible_to(user, Permission.SETTLE_ATTENDANCE).filter(
            during__startswith__gt=now - LATELY
        )
        cases = DoorCase.objects.open().filter(session__in=seen)
        yield Line(_("Attendance to settle"), awaiting_settlement(seen, now), board)
        yield Line(_("Cases at the door"), cases, board, "warning")


def _certificates(user: User, now: datetime) -> Iterator[Line]:
    """Who earned one in a batch that ended within the last year, and has none in force."""
    if not holds(user, Permission.ISSUE_DOCUMENTS):
        return
    seen = Batch.objects.visible_to(user, Permission.ISSUE_DOCUMENTS).exclude(state=Batch.State.CANCELLED)
    scope = Concat(Value("batch:"), Cast(OuterRef("batch"), TextField()))
    subject = Concat(Value("entry:"), Cast(OuterRef("pk"), TextField()))
    issued = Document.objects.in_force().filter(scope=scope, kind=CERTIFICATE_CODE, subject=subject)
    ended = seen.filter(ends_at__lte=now, ends_at__gt=now - LATELY)
    rows = Registration.objects.filter(EARNS_CERTIFICATE, batch__in=ended).exclude(Exists(issued))
    yield Line(_("Certificates that can be issued"), rows, reverse("participants:certificate_list"))


def _cards(user: User, now: datetime) -> Iterator[Line]:
    if not holds(user, Permission.KEEP_JOB_CARDS):
        return
    listed, today = reverse("participants:job_card_list"), timezone.localdate(now)
    reports = CardReport.objects.visible_to(user).open()
    soon = reports.filter(due_on__gte=today, due_on__lte=today + SOON)
    yield Line(_("AK1 reports overdue"), reports.filter(due_on__lt=today), listed, LATE)
    yield Line(_("AK1 reports due within a month"), soon, listed)


def _persons(user: User, now: datetime) -> Iterator[Line]:
    """Whoever proposed a merge does not approve it."""
    listed = reverse("participants:pair_list")
    if holds(user, Permission.APPROVE_MERGES):
        mine = office_q(user, Permission.APPROVE_MERGES)
        merges = PersonMerge.objects.filter(mine).proposed().exclude(proposed_by=user)
        yield Line(_("Merges to approve"), merges, f"{listed}?tab=proposed", "info")
    if holds(user, Permission.MERGE_PERSONS):
        pairs = PersonPair.objects.visible_to(user).filter(office_q(user, Permission.MERGE_PERSONS))
        yield Line(_("Perhaps on file twice"), pairs.to_decide(timezone.localdate(now)), listed)


def _imports(user: User, now: datetime) -> Iterator[Line]:
    if not any(holds(user, duty) for duties in IMPORT_DUTIES.values() for duty in duties):
        return
    waiting = [RegistrationImport.State.UPLOADED, RegistrationImport.State.CHECKED]
    rows = RegistrationImport.objects.visible_to(user).filter(state__in=waiting)
    yield Line(_("Lists from Excel to bring in"), rows, reverse("participants:import_list"))


def _messages(user: User, now: datetime) -> Iterator[Line]:
    if not holds(user, Permission.VIEW_MESSAGES):
        return
    messages = Message.objects.visible_to(user)
    by_hand = messages.to_send_by_hand().useful(now)
    chats, calls = reverse("notifications:chat_list"), reverse("notifications:call_list")
    yield Line(_("WhatsApp gateway stopped"), WhatsAppGateway.objects.paused().of(user), chats, LATE)
    yield Line(_("Messages to send by WhatsApp"), by_hand.filter(channel=Channel.MANUAL), chats, "info")
    yield Line(_("People to call"), by_hand.filter(channel=Channel.CALL), calls, "info")
    failed = f"{reverse('notifications:message_list')}?state=failed"
    yield Line(_("Messages that failed"), messages.given_up(), failed, LATE)


def _awards(user: User, now: datetime) -> Iterator[Line]:
    """After the payment."""
    if not holds(user, Permission.MANAGE_COMPETITIONS):
        return
    listed, within = reverse("incentives:competition_list"), ("award__competition_id", "incentives:follow_up")
    checks = ReceiptCheck.objects.visible_to(user, Permission.MANAGE_COMPETITIONS)
    reports = UseReport.objects.visible_to(user, Permission.MANAGE_COMPETITIONS)
    overdue = reports.owed().filter(due_on__lt=timezone.localdate(now))
    yield Line(_("Winners to whom not all money came"), checks.to_settle(), listed, LATE, within=within)
    yield Line(_("Reports of winners to read"), reports.sent(), listed, "info", within=within)
    yield Line(_("Reports of winners overdue"), overdue, listed, within=within)


PARTS = (
    *(_entries, _pitches, _awards, _complaints, _rights, _privacy, _attendance, _certificates, _cards, _persons),
    *(_imports, _messages),
)
