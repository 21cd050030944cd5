"""What a form shows of what is stored."""

import pytest

from participants.forms.fields import MobileField


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+6281234567890", "0812-3456-7890"), ("0812 3456", "0812 3456"), (None, None)],
)
def test_mobile_field_shows_a_stored_number_as_people_write_it(stored: str | None, shown: str | None) -> None:
    assert MobileField().prepare_value(stored) == shown
