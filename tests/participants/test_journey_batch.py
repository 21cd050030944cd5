"""From a list in Excel to the certificate on the resident's own page, by the pages that people use."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import Document
from jobs import runner
from jobs.models import Job
from notifications.models import Message
from participants import actions
from participants.models import Completion, Person, Registration, RegistrationImport
from programs.models import Batch, Session
from tests import cast, factories
from tests.participants import graduates
from tests.participants.desk import at_desk
from tests.participants.lists import person, workbook, worked
from tests.participants.rights import opened
from tests.participants.test_views_imports import send, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def brought_in_by_page(desk: Client, batch: Batch) -> list[Registration]:
    """Three people, one of them with a mistake that the officer mends in the browser."""
    send(desk, batch, workbook([person(1), person(2, sex="X"), person(3)]))
    upload = worked(RegistrationImport.objects.with_parts().get())
    page = desk.get(url("row", upload, 3))
    typed = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    desk.post(url("row", upload, 3), typed | {"sex": "P"})
    confirm = desk.get(url("confirm", upload))
    desk.post(url("confirm", upload), {"expected": confirm.context["form"]["expected"].value(), "informed": "on"})
    worked(RegistrationImport.objects.with_parts().get())
    return list(batch.registrations.order_by("pk"))


def hold_day(desk: Client, session: Session, here: list[Registration]) -> None:
    """The hall with a scanner, then the signed sheet, which agrees."""
    mark = reverse("participants:attendance_mark", args=[session.pk])
    for entry in here:
        desk.post(mark, {"text": entry.code})
    start = timezone.now() - timedelta(hours=9)
    Session.objects.filter(pk=session.pk).update(during=(start, start + timedelta(hours=8)))
    read = {"signatures": str(len(here)), "signed": [entry.pk for entry in here]}
    desk.post(reverse("participants:attendance_sheet", args=[session.pk]), read)
    for entry in here:
        decide = reverse("participants:sheet_decide", args=[session.pk, entry.pk])
        desk.post(decide, {"verdict": "present", "reason": "Hadir sejak awal"})
    desk.post(reverse("participants:sheet_settle", args=[session.pk]), {"note": "Cocok"})


def test_a_list_becomes_certificates_on_the_own_page(client: Client) -> None:
    graduates.office()
    batch = factories.batch(factories.program(cast.home_agency()), quota=3, days=1)
    desk = at_desk(cast.program_officer())
    entries = brought_in_by_page(desk, batch)
    assert [(one.seat, one.source) for one in entries] == [("held", "import")] * 3
    for entry in entries:
        actions.verify(registration=entry, note="KTP dilihat", by=cast.verifier())
    start = timezone.now() - timedelta(hours=1)
    session = batch.sessions.get()
    Session.objects.filter(pk=session.pk).update(during=(start, start + timedelta(hours=8)), lesson_hours=8)
    hold_day(desk, session, entries[:2])
    actions.recompute_completions(batch=batch)
    assert list(Completion.objects.order_by("registration").values_list("attended_enough", flat=True)) == [
        True,
        True,
        False,
    ]
    page = f"/kerja/sertifikat/angkatan/{batch.pk}/terbitkan/"
    assert desk.post(page, {"date": timezone.localdate().isoformat(), "tell": "on"}).status_code == 302
    runner.run(Job.objects.get(kind="certificates_issue").pk)
    papers = Document.objects.filter(kind="certificate")
    assert sorted(papers.values_list("label", flat=True)) == sorted(one.full_name for one in entries[:2])
    assert Message.objects.filter(kind="certificate_ready").count() == 2
    own = opened(client, entries[0]).get("/saya/").content.decode()
    number = papers.get(label=entries[0].full_name).number
    assert number in own
    shown = client.get(f"/v/{papers.get(number=number).token}/").content.decode()
    assert number in shown
    assert Person.objects.get(registrations=entries[0]).nik not in shown
    assert [entry.phone in shown for entry in entries] == [False] * 3
