"""The workspace's navigation: what a person may open, in the order of a working day."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import holds
from accounts.roles import Permission
from participants.models.complaint import HANDLED_BY

# One permission, any of several, or none.
Wanted = Permission | tuple[Permission, ...] | None
Place = tuple[str, str, str, Wanted]


@dataclass(frozen=True)
class NavEntry:
    url: str
    label: str
    icon: str
    active: bool
    group: str


@lru_cache(maxsize=8)
def _places(_language: str | None, start: str) -> list[tuple[str, list[Place]]]:
    """By group: address, name, picture and who may go there; the same for everybody who reads this language."""
    return [
        ("", [(start, _("Today"), "home", None)]),
        (_("Participants"), _participants()),
        (_("Running the training"), _running()),
        (_("Planning"), _planning()),
        (_("Competitions"), _competitions()),
        (_("Money"), _money()),
        (_("Papers"), _papers()),
        (_("Messages"), _messages()),
        (_("People's data"), _privacy()),
        (_("Running the portal"), _portal()),
    ]


def _participants() -> list[Place]:
    return [
        (reverse("participants:batch_list"), _("Batches"), "calendar-event", Permission.VIEW_BATCHES),
        (reverse("participants:selection_list"), _("Selections"), "scale", Permission.VIEW_REGISTRATIONS),
        (reverse("participants:desk_choose"), _("Registration desk"), "user-plus", Permission.REGISTER_ASSISTED),
        (reverse("participants:registration_search"), _("Find an entry"), "search", Permission.VIEW_REGISTRATIONS),
        (reverse("participants:person_search"), _("Persons"), "users", Permission.VIEW_REGISTRATIONS),
        (
            reverse("participants:pair_list"),
            _("On file twice"),
            "git-merge",
            (Permission.MERGE_PERSONS, Permission.APPROVE_MERGES),
        ),
        (
            reverse("participants:import_list"),
            _("Lists from Excel"),
            "file-spreadsheet",
            (Permission.IMPORT_REGISTRATIONS, Permission.PROPOSE_PAYMENTS, Permission.RECORD_PAYMENTS),
        ),
        (reverse("participants:complaint_list"), _("Complaints"), "flag", tuple(HANDLED_BY)),
    ]


def _running() -> list[Place]:
    return [
        (reverse("participants:attendance_day"), _("Attendance"), "user-check", Permission.TAKE_ATTENDANCE),
        (reverse("participants:job_card_list"), _("Job seeker cards (AK1)"), "id", Permission.KEEP_JOB_CARDS),
    ]


def _privacy() -> list[Place]:
    return [
        (
            reverse("participants:data_request_list"),
            _("Requests about data"),
            "shield-check",
            Permission.MANAGE_DATA_REQUESTS,
        ),
        (reverse("incentives:other_list"), _("Jurors and objectors"), "scale", Permission.MANAGE_DATA_REQUESTS),
        (reverse("participants:privacy_home"), _("Data protection"), "shield-check", Permission.VIEW_PRIVACY),
        (reverse("participants:incident_list"), _("Incidents"), "alert-triangle", Permission.VIEW_PRIVACY),
    ]


def _planning() -> list[Place]:
    return [
        (reverse("programs:program_board"), _("Programmes"), "school", Permission.VIEW_BATCHES),
        (reverse("programs:demand_rounds"), _("Topic requests"), "list-check", Permission.VIEW_TOPIC_REQUESTS),
        (reverse("programs:rollout_list"), _("Rollout plans"), "calendar", Permission.VIEW_BATCHES),
        (reverse("programs:instructor_list"), _("Instructors"), "users", Permission.MANAGE_RESOURCES),
        (reverse("programs:partner_list"), _("Partners"), "heart-handshake", Permission.MANAGE_RESOURCES),
        (reverse("programs:venue_list"), _("Venues"), "map-pin", Permission.MANAGE_RESOURCES),
        (reverse("programs:rate_list"), _("Honorarium rates"), "scale", Permission.MANAGE_RESOURCES),
        (reverse("programs:calendar_month"), _("Calendar"), "calendar", Permission.VIEW_BATCHES),
    ]


def _competitions() -> list[Place]:
    return [(reverse("incentives:competition_list"), _("Business pitches"), "scale", Permission.VIEW_COMPETITIONS)]


def _money() -> list[Place]:
    return [
        (reverse("budgets:fund_list"), _("Funds"), "cash", Permission.VIEW_BUDGETS),
        (reverse("budgets:payment_list"), _("Payments"), "checks", Permission.VIEW_BUDGETS),
        (reverse("budgets:account_list"), _("Accounts of payees"), "id", Permission.VIEW_BUDGETS),
    ]


def _papers() -> list[Place]:
    return [
        (reverse("reports:completeness_list"), _("Completeness"), "list-check", Permission.VIEW_DOCUMENTS),
        (reverse("documents:document_list"), _("Official papers"), "files", Permission.VIEW_DOCUMENTS),
        (reverse("participants:certificate_list"), _("Certificates"), "certificate", Permission.VIEW_DOCUMENTS),
        (reverse("documents:signing_list"), _("To be signed"), "pencil", Permission.SIGN_DOCUMENTS),
        (
            reverse("documents:position_list"),
            _("Who signs"),
            "id",
            (Permission.VIEW_DOCUMENTS, Permission.MANAGE_TEMPLATES),
        ),
        (reverse("documents:template_list"), _("Texts of papers"), "pencil", Permission.MANAGE_TEMPLATES),
    ]


def _messages() -> list[Place]:
    return [
        (reverse("notifications:message_list"), _("Messages"), "message", Permission.VIEW_MESSAGES),
        (reverse("notifications:chat_list"), _("Send by hand"), "brand-whatsapp", Permission.SEND_MESSAGES),
        (reverse("notifications:text_list"), _("Texts of messages"), "pencil", Permission.MANAGE_TEXTS),
    ]


def _portal() -> list[Place]:
    return [
        (reverse("jobs:job_list"), _("Downloads"), "download", Permission.EXPORT_REGISTRATIONS),
        (reverse("accounts:audit_list"), _("Audit trail"), "history", Permission.VIEW_AUDIT),
        (reverse("participants:form_guard"), _("Form guard"), "shield-check", Permission.MANAGE_USERS),
        (reverse("system_state"), _("State of the system"), "info-circle", Permission.MANAGE_USERS),
        (reverse("accounts:user_list"), _("Users"), "users", Permission.MANAGE_USERS),
        (reverse("admin:index"), _("Administration"), "settings", Permission.MANAGE_USERS),
    ]


def staff_nav(request: HttpRequest) -> list[NavEntry]:
    start, here = reverse("workspace"), request.path
    groups = _places(get_language(), start)
    addresses = [url for _group, places in groups for url, *_rest in places]
    # Of two places of which one lies inside the other, the inner one is where somebody is.
    active = max(
        (url for url in addresses if here == url or (url != start and here.startswith(url))), key=len, default=""
    )
    return [
        NavEntry(url, label, icon, url == active, group)
        for group, places in groups
        for url, label, icon, wanted in places
        if _may_go(request, wanted)
    ]


def _may_go(request: HttpRequest, wanted: Wanted) -> bool:
    if wanted is None:
        return True
    return any(holds(request.user, one) for one in (wanted if isinstance(wanted, tuple) else (wanted,)))
