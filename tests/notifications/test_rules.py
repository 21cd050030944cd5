import datetime as dt

from notifications import rules


def test_wait_after_grows_to_four_hours() -> None:
    waits = [rules.wait_after(attempts) for attempts in range(1, 8)]
    minutes = [wait / dt.timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 3, 9, 27, 81, 240, 240]


def test_is_permanent_reads_the_first_digit() -> None:
    assert [rules.is_permanent(code) for code in (421, 450, 500, 550, 554)] == [False, False, True, True, True]


def test_mask_email_keeps_one_letter() -> None:
    assert rules.mask_email("siti.aminah@example.id") == "s****@example.id"
