"""Every address against every role in one table. A view that is missing here fails the test."""

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from jobs.actions import start
from notifications.models import Message, MessageText
from participants.actions import answer_complaint, start_broadcast, withdraw
from programs.models import Batch, Demand, Topic
from tests import cast, factories
from tests.budgets.access import FUND_ARGUMENTS, FUNDS, funds
from tests.budgets.access_payments import PAYMENT_ROWS, PAYMENTS, paying
from tests.documents.access import SIGNING, SIGNING_ARGUMENTS, SIGNING_ROWS, signers
from tests.incentives.access import COMPETING, COMPETING_ARGUMENTS, competing
from tests.participants.access import SELECTING, SELECTING_ARGUMENTS, selected_batch
from tests.participants.access_complaints import COMPLAINTS
from tests.participants.access_imports import IMPORTING, IMPORTING_ARGUMENTS, checked_list
from tests.participants.access_privacy import rules_of_the_house
from tests.participants.access_running import RUNNING, RUNNING_ARGUMENTS, running
from tests.programs.access import CALENDAR, WISH_ARGUMENTS, WISH_ROWS, WISHES
from tests.programs.access_plans import PLANNING, PLANNING_ROWS, planners
from tests.programs.demand import wanted
from tests.programs.resources import RESOURCE_ARGUMENTS, RESOURCE_ROWS, RESOURCES, resources
from tests.reports.access import COMPLETENESS, COMPLETENESS_ARGUMENTS

CAST: dict[str, Callable[[], User] | None] = {
    "anonymous": None,
    "nobody": cast.nobody,
    "village_officer_here": cast.village_officer_here,
    "village_officer_next_door": cast.village_officer_next_door,
    "program_officer": cast.program_officer,
    "verifier": cast.verifier,
    "division_head": cast.division_head,
    "treasurer": cast.treasurer,
    "other_agency_officer": cast.other_agency_officer,
    "auditor": cast.auditor,
    "dpo": cast.dpo,
    "administrator": cast.administrator,
}

# One letter for each of the cast, in order: comes In, is sent to the Login, is Forbidden, finds Nothing (404).
PUBLIC = "IIIIIIIIIIII"
GONE = "NNNNNNNNNNNN"
SIGNED_IN = "LIIIIIIIIIII"
SEES_BATCHES = "LFIIIIIIIIFF"
SEES_BATCH = "LFINIIIINIFF"
SEES_PROGRAM = "LFIIIIIINIFF"
KEEPS_PROGRAM = "LFFFIFFFNFFF"
MANAGES = "LFFFIFFFIFFF"
MANAGES_BATCH = "LFFFIFFFNFFF"
SEES_ENTRIES = "LFINIIIFNIIF"
DECIDES = "LFFNIIFFNFFF"
HELPS = "LFINIFFFNFFF"
HELPS_OR_DECIDES = "LFINIIFFNFFF"
REVEALS = "LFFFIIFFNFIF"
WRITES = "LFFFIFFFIFFF"
WRITES_HERE = "LFFFIFFFNFFF"
OWNS_JOB = "LNNNINNNNNNN"
MANAGES_USERS = "LFFFFFFFFFFI"
FINDS_NO_USER = "LFFFFFFFFFFN"
SEES_PHOTOS = "LFFNNNFFNFFF"  # who verifies finds nothing, because the address was not made for them
READS_TRAIL = "LFFFFFFFFIIF"

CHANGES_OF_A_BATCH = [f"participants:batch_{step}" for step in ("quota", "extend", "reschedule", "cancel")]
TABLE: dict[str, tuple[str, str]] = {
    "home": ("get", PUBLIC),
    "styleguide": ("get", GONE),
    "set_language": ("post", PUBLIC),
    "healthz": ("get", PUBLIC),
    "metrics": ("get", GONE),
    "readyz": ("get", PUBLIC),
    "audit_state": ("get", READS_TRAIL),
    "audit_verify": ("post", READS_TRAIL),
    "audit_export": ("post", READS_TRAIL),
    "audit_person": ("get", READS_TRAIL),
    "system_state": ("get", "LFFFFFFFFFFI"),
    "workspace": ("get", SIGNED_IN),
    "account_login": ("get", PUBLIC),
    "account_logout": ("get", PUBLIC),
    "account_inactive": ("get", PUBLIC),
    "account_change_password": ("get", SIGNED_IN),
    "account_reset_password": ("get", PUBLIC),
    "account_reset_password_done": ("get", PUBLIC),
    "account_reset_password_from_key": ("get", PUBLIC),
    "account_reset_password_from_key_done": ("get", PUBLIC),
    "accounts:profile": ("get", SIGNED_IN),
    "accounts:audit_list": ("get", READS_TRAIL),
    "accounts:device_list": ("get", SIGNED_IN),
    "accounts:device_end": ("post", "LNNNNNNNNNNN"),
    "accounts:device_end_all": ("post", SIGNED_IN),
    "accounts:second_factor": ("get", SIGNED_IN),
    "accounts:second_factor_later": ("post", SIGNED_IN),
    "accounts:second_factor_app": ("get", SIGNED_IN),
    "accounts:second_factor_passkey": ("get", SIGNED_IN),
    "accounts:second_factor_codes": ("post", SIGNED_IN),
    "accounts:second_factor_remove": ("post", SIGNED_IN),
    "accounts:invitation_accept": ("get", PUBLIC),
    "accounts:invitation_open": ("get", PUBLIC),
    "accounts:user_list": ("get", MANAGES_USERS),
    "accounts:user_invite": ("get", MANAGES_USERS),
    "accounts:user_invite_many": ("get", MANAGES_USERS),
    "accounts:invitation_list": ("get", MANAGES_USERS),
    "accounts:invitation_letters": ("post", MANAGES_USERS),
    "accounts:invitation_end": ("post", FINDS_NO_USER),
    "accounts:user_detail": ("get", MANAGES_USERS),
    "accounts:user_reinvite": ("post", MANAGES_USERS),
    "accounts:user_close": ("post", MANAGES_USERS),
    "accounts:user_open": ("post", MANAGES_USERS),
    "accounts:user_unlock": ("post", MANAGES_USERS),
    "accounts:user_sign_out": ("post", MANAGES_USERS),
    "accounts:user_reset_step": ("post", MANAGES_USERS),
    "accounts:user_code_sheet": ("post", MANAGES_USERS),
    "mfa_authenticate": ("get", PUBLIC),
    "mfa_login_webauthn": ("get", PUBLIC),
    "account_reauthenticate": ("get", SIGNED_IN),
    "mfa_reauthenticate": ("get", SIGNED_IN),
    "mfa_reauthenticate_webauthn": ("get", SIGNED_IN),
    "notifications:message_list": ("get", WRITES),
    "notifications:message_detail": ("get", WRITES_HERE),
    "notifications:message_resend": ("post", WRITES_HERE),
    "notifications:message_mark_sent": ("post", WRITES_HERE),
    "notifications:message_board": ("get", WRITES),
    "notifications:failure_resend": ("get", WRITES),
    "notifications:text_list": ("get", "LFFFIFIFIFFI"),
    "notifications:text_edit": ("get", "LFFFIFIFNFFI"),
    "notifications:text_reset": ("post", "LFFFIFIFNFFI"),
    "notifications:text_history": ("get", "LFFFIFIFNFFI"),
    "notifications:text_restore": ("post", "LFFFIFIFNFFI"),
    "notifications:chat_list": ("get", WRITES),
    "notifications:chat_sent": ("post", WRITES_HERE),
    "notifications:chat_undo": ("post", WRITES_HERE),
    "notifications:chat_impossible": ("post", WRITES_HERE),
    "notifications:call_list": ("get", WRITES),
    "notifications:call_reached": ("post", WRITES_HERE),
    "notifications:call_unanswered": ("post", WRITES_HERE),
    "notifications:call_give_up": ("post", WRITES_HERE),
    "notifications:whatsapp_webhook": ("post", GONE),
    "notifications:mailbox": ("get", GONE),
    "notifications:mailbox_message": ("get", GONE),
    "jobs:job_list": ("get", SIGNED_IN),
    "jobs:job_detail": ("get", OWNS_JOB),
    "jobs:job_progress": ("get", OWNS_JOB),
    "jobs:job_cancel": ("post", OWNS_JOB),
    "jobs:job_download": ("get", "LNNNNNNNNNNN"),
    "jobs:file_download": ("get", "LNNNNNNNNNNN"),
    "programs:program_list": ("get", PUBLIC),
    "programs:program_detail": ("get", PUBLIC),
    "programs:batch_detail": ("get", PUBLIC),
    "programs:eligibility_check": ("post", PUBLIC),
    **WISHES,
    **RESOURCES,
    **CALENDAR,
    "participants:register": ("get", PUBLIC),
    "participants:draft_save": ("post", PUBLIC),
    "participants:draft_resume": ("get", PUBLIC),
    "participants:draft_list": ("get", PUBLIC),
    "participants:draft_move": ("post", GONE),
    "participants:draft_forget": ("post", GONE),
    "participants:device_clear": ("post", PUBLIC),
    "participants:status": ("get", PUBLIC),
    "participants:receipt": ("get", PUBLIC),
    "participants:receipt_noted": ("post", PUBLIC),
    "participants:ticket": ("get", PUBLIC),
    "participants:document_send": ("get", PUBLIC),
    "participants:document_remove": ("post", PUBLIC),
    "participants:document_photo": ("get", GONE),
    "participants:registration_document": ("get", HELPS_OR_DECIDES),
    "participants:registration_document_remove": ("post", HELPS_OR_DECIDES),
    "participants:registration_photo": ("get", SEES_PHOTOS),
    "participants:status_detail": ("get", PUBLIC),
    "participants:correct": ("get", PUBLIC),
    "participants:withdraw": ("get", PUBLIC),
    "participants:offer_decide": ("post", PUBLIC),
    "participants:offer_answer": ("get", PUBLIC),
    "participants:recover": ("get", PUBLIC),
    "participants:renew_pin": ("get", PUBLIC),
    "participants:status_leave": ("post", PUBLIC),
    **COMPLAINTS,
    "participants:batch_list": ("get", SEES_BATCHES),
    "participants:batch_desk": ("get", SEES_BATCH),
    **dict.fromkeys(CHANGES_OF_A_BATCH, ("get", MANAGES_BATCH)),
    "participants:form_guard": ("get", "LFFFFFFFFFFI"),
    "participants:broadcast_list": ("get", WRITES_HERE),
    "participants:broadcast_start": ("post", WRITES_HERE),
    "participants:broadcast_detail": ("get", WRITES_HERE),
    "participants:broadcast_edit": ("get", WRITES_HERE),
    "participants:broadcast_review": ("get", WRITES_HERE),
    "participants:broadcast_take_back": ("post", WRITES_HERE),
    "participants:broadcast_discard": ("get", WRITES_HERE),
    "participants:registration_search": ("get", "LFIIIIIFIIIF"),
    "participants:registration_list": ("get", SEES_ENTRIES),
    "participants:registration_find": ("post", SEES_ENTRIES),
    "participants:registration_decide": ("post", DECIDES),
    "participants:registration_decided": ("get", SEES_ENTRIES),
    "participants:registration_print": ("get", SEES_ENTRIES),
    "participants:registration_export": ("post", MANAGES_BATCH),
    "participants:registration_assist": ("get", HELPS),
    "participants:duplicate_list": ("get", SEES_ENTRIES),
    "participants:duplicate_deny": ("post", DECIDES),
    "participants:duplicate_resolve": ("post", DECIDES),
    "participants:registration_detail": ("get", SEES_ENTRIES),
    "participants:registration_verify": ("post", DECIDES),
    "participants:registration_request_fix": ("post", DECIDES),
    "participants:registration_reject": ("post", DECIDES),
    "participants:registration_undo": ("post", DECIDES),
    "participants:registration_link": ("post", DECIDES),
    "participants:registration_reveal": ("post", REVEALS),
    "participants:registration_claim": ("post", HELPS_OR_DECIDES),
    "participants:registration_correct": ("get", HELPS_OR_DECIDES),
    "participants:registration_move": ("get", MANAGES_BATCH),
    "participants:registration_withdraw": ("get", HELPS_OR_DECIDES),
}
TABLE |= IMPORTING | FUNDS | PAYMENTS | SIGNING | COMPLETENESS | SELECTING | PLANNING | RUNNING | COMPETING
# The site of the administrators is Django's own; tests/accounts/test_admin.py looks after it.
ELSEWHERE = ("admin:",)


def all_names(resolver: Any, prefix: str = "") -> list[str]:
    names = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            names += all_names(pattern, namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.append(f"{prefix}{pattern.name}")
        else:
            names.append(f"{prefix}{pattern.pattern}")
    return names


def test_every_address_is_in_the_table() -> None:
    names = {name for name in all_names(get_resolver()) if not name.startswith(ELSEWHERE)}
    assert names == set(TABLE)


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """One batch of Bendan Kergon with an entry, an offer, a message and a job of the programme officer."""
    program = factories.program(cast.home_agency(), slug="pelatihan", identity_card=Demand.OPTIONAL)
    batch = factories.batch(program, slug="bendan-kergon", quota=1)
    first, second = factories.registration(batch), factories.registration(batch)
    withdraw(registration=first, reason="", by=None)
    officer = cast.program_officer()
    job = start(kind="registrations_export", params={"batch": batch.pk}, agency=program.agency, by=officer)
    offer = Message.objects.get(kind="seat_offered")
    token = offer.body.split("/status/tawaran/")[1].split("/")[0]
    words = {"kind": "seat_offered", "language": "id", "version": 1, "edited_by": officer}
    text = MessageText.objects.create(agency=program.agency, **words)
    data = {"first": first.pk, "second": second.pk, "keep": second.pk, "drop": first.pk}
    asked = factories.complaint(program.agency)
    complaint = answer_complaint(complaint=asked, answer="Sudah kami perbaiki.", by=officer)
    return signers(program.agency) | {
        "broadcast": start_broadcast(batch=batch, by=officer),
        "complaint": complaint,
        "batch": batch,
        "program": program,
        "list": checked_list(batch),
        "selected": selected_batch(),
        **planners(batch),
        **rules_of_the_house(program.agency),
        "entry": second,
        "message": offer,
        "job": job,
        "officer": officer,
        "token": token,
        "text": text,
        "topic": Topic.objects.create(agency=program.agency, name="Roti"),
        **running(batch, second),
        **competing(batch, second),
        **funds(program.agency),
        **wanted(program.agency),
        **paying(program.agency),
        **resources(batch),
        "data": data,
    }


def address(name: str, world: dict[str, Any]) -> str:
    """The address of a view, with the world's rows in the place of its parameters."""
    batch: Batch = world["batch"]
    for begin, arguments in ARGUMENTS.items():
        if name.startswith(begin) and name not in WITHOUT_ARGUMENTS:
            return reverse(name, args=arguments(world))
    if name in BY_TOKEN:
        return reverse(name, args=[world["token"]])
    if name == "account_reset_password_from_key":
        return reverse(name, kwargs={"uidb36": "1", "key": "abc-def"})
    if name == "programs:program_detail":
        return str(batch.program.get_absolute_url())
    for found in ([], [row_of(name, world).pk], [batch.program.slug, batch.slug]):
        try:
            return reverse(name, args=found)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def row_of(name: str, world: dict[str, Any]) -> Any:
    """The row of the world that an address with one number is about: by the beginning of its name, or its app's."""
    app, _colon, short = name.rpartition(":")
    begin = max((begin for begin in ROWS if short.startswith(begin)), key=len, default="")
    if begin and short not in OF_A_BATCH:
        return world[ROWS[begin]]
    return {"notifications": world["message"], "jobs": world["job"]}.get(app, world["batch"])


# Names that begin so are about this row of the world.
ROWS = {
    "broadcast_": "broadcast",
    "complaint_": "complaint",
    "user_": "officer",
    "program_": "program",
    "topic_": "topic",
    "registration_": "entry",
    **WISH_ROWS,
    **SIGNING_ROWS,
    **PAYMENT_ROWS,
    **PLANNING_ROWS,
    **RESOURCE_ROWS,
}
# Names that begin so take these arguments.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:document_photo": lambda world: [world["token"]],
    "participants:document_": lambda world: [world["entry"].code, "identity_card"],
    "participants:registration_document": lambda world: [world["entry"].pk, "identity_card"],
    "participants:registration_photo": lambda world: [world["entry"].pk, world["token"]],
    **IMPORTING_ARGUMENTS,
    **SELECTING_ARGUMENTS,
    **RUNNING_ARGUMENTS,
    **COMPETING_ARGUMENTS,
    "notifications:text_restore": lambda world: [world["text"].pk],
    "notifications:text_": lambda world: [world["batch"].program.agency.slug, "seat_offered"],
    "audit_person": lambda world: [world["entry"].person_id],
    **FUND_ARGUMENTS,
    **WISH_ARGUMENTS,
    **RESOURCE_ARGUMENTS,
    **SIGNING_ARGUMENTS,
    **COMPLETENESS_ARGUMENTS,
    "programs:program_committee": lambda world: [world["program"].pk, "committee"],
}
WITHOUT_ARGUMENTS = {"notifications:text_list"}
BY_TOKEN = {
    "participants:offer_answer",
    "jobs:file_download",
    "accounts:invitation_open",
    "programs:feed_read",
    "programs:teaching_answer",
}
OF_A_BATCH = {
    *("broadcast_list", "broadcast_start"),
    *("registration_search", "registration_list", "registration_find", "registration_decide"),
    *("registration_decided", "registration_print", "registration_export", "registration_assist"),
}


def letter(response: Any) -> str:
    if response.status_code in (403, 404):
        return "F" if response.status_code == 403 else "N"
    if response.status_code == 302 and response["Location"].startswith("/masuk/?next="):
        return "L"
    assert response.status_code < 500, response.status_code
    return "I"


def test_addresses_let_in_exactly_whom_the_table_says(world: dict[str, Any]) -> None:
    """Each request is undone, so that every visitor finds the same world."""
    clients = []
    for person in CAST.values():
        clients.append(Client())
        if person is not None:
            clients[-1].force_login(person())
    found = {}
    for name, (method, _expected) in TABLE.items():
        url, letters = address(name, world), ""
        for client in clients:
            cookies = copy(client.cookies)
            with transaction.atomic():
                letters += letter(getattr(client, method)(url, world["data"] if method == "post" else None))
                transaction.set_rollback(True)
            client.cookies = cookies
        found[name] = letters
    wrong = {name: (letters, TABLE[name][1]) for name, letters in found.items() if letters != TABLE[name][1]}
    assert wrong == {}
