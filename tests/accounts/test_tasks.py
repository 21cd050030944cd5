import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import SignInThrottle, ThrottleKind
from accounts.tasks import clean_up


@pytest.mark.django_db
def test_clean_up_forgets_what_is_over() -> None:
    now = timezone.now()
    for key, age in (("old", 25), ("new", 1)):
        last = now - dt.timedelta(hours=age)
        SignInThrottle.objects.create(kind=ThrottleKind.LOGIN, key=key, last_attempt_at=last)
        Session.objects.create(session_key=key, session_data="", expire_date=last + dt.timedelta(hours=8))
    clean_up()
    assert [row.key for row in SignInThrottle.objects.all()] == ["new"]
    assert [row.session_key for row in Session.objects.all()] == ["new"]
