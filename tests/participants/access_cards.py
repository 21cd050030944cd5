"""Who may open the pages about job seeker cards and the desk: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from participants.models import Registration
from tests import cast
from tests.participants import cards

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
KEEPS = "LFIIIFFFIFFF"
KEEPS_HERE = "LFINIFFFNFFF"
SEES_NUMBER = "LFFFINFFNFNF"
REGISTERS = "LFIIIFFFIFFF"
REGISTERS_HERE = "LFINIFFFNFFF"

CARDS: dict[str, tuple[str, str]] = {
    "participants:job_card_list": ("get", KEEPS),
    "participants:job_card_batch": ("get", KEEPS_HERE),
    "participants:job_card_person": ("get", KEEPS_HERE),
    "participants:job_card_prepare": ("post", KEEPS_HERE),
    "participants:job_card_answers": ("get", KEEPS_HERE),
    "participants:job_card_sheet": ("get", KEEPS_HERE),
    "participants:job_card_print": ("get", KEEPS_HERE),
    "participants:job_card_number": ("get", SEES_NUMBER),
    "participants:job_card_record": ("get", KEEPS_HERE),
    "participants:job_card_report": ("get", KEEPS_HERE),
    "participants:job_card_report_undo": ("post", KEEPS_HERE),
    "participants:job_card_end": ("get", KEEPS_HERE),
    "participants:job_card_reopen": ("post", KEEPS_HERE),
    "participants:desk_choose": ("get", REGISTERS),
    "participants:desk_register": ("get", REGISTERS_HERE),
    "participants:desk_check": ("post", REGISTERS_HERE),
    "participants:desk_done": ("get", REGISTERS_HERE),
    "participants:desk_slip": ("post", REGISTERS_HERE),
}

CARD_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:job_card_list": lambda _world: [],
    "participants:job_card_batch": lambda world: [world["batch"].pk],
    "participants:job_card_report": lambda world: [world["card_report"].pk],
    "participants:job_card_end": lambda world: [world["card"].pk],
    "participants:job_card_reopen": lambda world: [world["card"].pk],
    "participants:desk_choose": lambda _world: [],
    "participants:desk_register": lambda world: [world["batch"].pk],
    "participants:desk_check": lambda world: [world["batch"].pk],
    "participants:desk_": lambda world: [world["entry"].pk],
    "participants:job_card_": lambda world: [world["card"].person_id],
}


def card_rows(entry: Registration) -> dict[str, Any]:
    """A card of whose entry it is, with one report."""
    assert entry.person is not None
    card = cards.card(entry.person, cast.program_officer())
    return {"card": card, "card_report": cards.report(card)}
