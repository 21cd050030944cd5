"""Who may send, read and answer complaints: a part of tests/ikm_portal/test_access.py."""

from tests.participants.access import PUBLIC

ANSWERS = "LFFFIFIFNFNF"

COMPLAINTS: dict[str, tuple[str, str]] = {
    "participants:complaint_board": ("get", PUBLIC),
    "participants:complaint_send": ("get", PUBLIC),
    "participants:complaint_receipt": ("get", PUBLIC),
    "participants:complaint_status": ("get", PUBLIC),
    "participants:complaint_own": ("get", PUBLIC),
    "participants:complaint_noted": ("post", PUBLIC),
    "participants:complaint_leave": ("post", PUBLIC),
    "participants:complaint_list": ("get", "LFFFIFIFIFIF"),
    "participants:complaint_detail": ("get", ANSWERS),
    "participants:complaint_take": ("post", ANSWERS),
    "participants:complaint_pass": ("get", ANSWERS),
    "participants:complaint_note": ("get", ANSWERS),
    "participants:complaint_answer": ("get", ANSWERS),
    "participants:complaint_close": ("get", ANSWERS),
    "participants:complaint_undo": ("get", ANSWERS),
    "participants:complaint_publish": ("get", ANSWERS),
    "participants:complaint_unpublish": ("post", ANSWERS),
    "participants:complaint_reveal": ("get", ANSWERS),
}
