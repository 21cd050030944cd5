"""Who may open the pages of topic requests, as lines of the table of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from tests import factories

PUBLIC = "IIIIIIIIIIII"
SEES_WISHES = "LFIIIFIFIIFF"
SEES_ROUND = "LFIIIFIFNIFF"
SEES_WISHES_HERE = "LFINIFIFNIFF"
DECIDES_WISHES = "LFFFIFIFNFFF"
WISHES: dict[str, tuple[str, str]] = {
    "programs:demand_rounds": ("get", SEES_WISHES),
    "programs:demand_board": ("get", SEES_ROUND),
    "programs:demand_place": ("get", SEES_WISHES_HERE),
    "programs:demand_decide": ("get", DECIDES_WISHES),
    "programs:demand_choose": ("get", DECIDES_WISHES),
    "programs:decision_undo": ("post", DECIDES_WISHES),
    "programs:round_create": ("get", "LFFFIFIFIFFF"),
    "programs:round_edit": ("get", DECIDES_WISHES),
    "programs:origin_list": ("get", DECIDES_WISHES),
    "programs:origin_aside": ("get", DECIDES_WISHES),
    "programs:origin_count": ("post", DECIDES_WISHES),
    "programs:meeting_enter": ("get", "LFINIFFFNFFF"),
    "programs:meeting_detail": ("get", SEES_WISHES_HERE),
    "programs:meeting_print": ("get", SEES_WISHES_HERE),
    "programs:meeting_file": ("get", SEES_WISHES_HERE),
    "programs:meeting_withdraw": ("get", "LFINIFFFNFFF"),
    "programs:phrase_list": ("get", "LFFFIFIFIFFF"),
    "programs:phrase_group": ("get", DECIDES_WISHES),
    "programs:phrase_aside": ("post", DECIDES_WISHES),
    "programs:phrase_free": ("post", DECIDES_WISHES),
    "programs:wish_rounds": ("get", PUBLIC),
    "programs:wish_tally": ("get", PUBLIC),
    "programs:wish_place": ("get", PUBLIC),
    "programs:wish_send": ("get", PUBLIC),
    "programs:wish_receipt": ("get", PUBLIC),
    "programs:wish_withdraw": ("post", PUBLIC),
}
SEES_BATCHES = "LFIIIIIIIIFF"
CALENDAR: dict[str, tuple[str, str]] = {
    "programs:calendar_month": ("get", SEES_BATCHES),
    "programs:calendar_week": ("get", SEES_BATCHES),
    "programs:calendar_list": ("get", SEES_BATCHES),
    "programs:feed_list": ("get", SEES_BATCHES),
    "programs:feed_open": ("post", SEES_BATCHES),
    "programs:feed_give": ("post", "LFFFIFFFIFFF"),
    "programs:feed_revoke": ("post", "LFNNINNNNNFF"),
    "programs:feed_read": ("get", "NNNNNNNNNNNN"),
}
# Names that begin so are about this row of the world.
WISH_ROWS = {
    "decision_": "decision",
    "demand_": "round",
    "feed_": "feed",
    "meeting_": "meeting",
    "origin_": "round",
    "phrase_": "phrase",
    "round_": "round",
    "wish_": "round",
}


def here(world: dict[str, Any]) -> list[Any]:
    return [world["round"].pk, factories.BENDAN_KERGON]


def sent(world: dict[str, Any]) -> list[Any]:
    return [world["round"].pk, world["wish"].pk]


WISH_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    **dict.fromkeys(
        [f"programs:{name}" for name in ("wish_place", "demand_place", "demand_decide", "meeting_enter")], here
    ),
    **dict.fromkeys(["programs:origin_aside", "programs:origin_count"], sent),
}
