"""A competition of long ago with jurors and an objector, whose words stand wherever such words can stand."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from incentives import actions
from incentives.models import Competition, Conflict, Juror, Objection, Result, ScoreSheet, SheetEvent
from notifications.models import Message
from tests import cast
from tests.incentives import decided, made

YEARS = timedelta(days=365 * 7)
WORDS = {
    "juror": "Doktor Wiratmoko",
    "bystander": "Ibu Kusumaningrat",
    "phone": "+6281355544433",
    "email": "wiratmoko@contoh.example",
    "identity": "b" * 64,
    "business": "batik sekar jagad",
    "conflict": "Adik ipar saya yang paparan",
    "note": "Pemiliknya gugup sekali",
    "missed": "Saya sakit gigi hari itu",
    "objector": "Pak Sumarsono",
    "contact": "Jalan Seruni 12",
    "objection": "Pemenangnya keponakan ketua",
    "answer": "Keliru: bukan keponakan",
}


def judged() -> tuple[Competition, Juror, Juror, Objection]:
    """A juror who scored, one who only abstained, and an objection that was answered; the result is locked."""
    competition, chair, entries = decided.example()
    juror, office = competition.jurors.exclude(pk=chair.pk).order_by("pk")[0], cast.program_officer()
    kept: dict[str, Any] = {
        "name": WORDS["juror"],
        "phone": WORDS["phone"],
        "email": WORDS["email"],
        "pin_hash": "c" * 64,
    }
    kept |= {"nik_hash": WORDS["identity"], "business_key": WORDS["business"], "joined_at": timezone.now()}
    for name, value in kept.items():
        setattr(juror, name, value)
    juror.save()
    actions.invite_juror(juror=juror, by=office)
    other = made.juror(competition, name=WORDS["bystander"])
    sheet = made.sheet(other, entries["A"])
    about = {"state": "dismissed", "note": WORDS["conflict"], "decided_by": office, "decided_at": timezone.now()}
    Conflict.objects.create(juror=juror, entry=entries["C"], kind="other", **about)
    ScoreSheet.objects.filter(juror=juror).update(note=WORDS["note"])
    sheet.state = ScoreSheet.State.ABSTAINED
    sheet.save()
    event = {"kind": SheetEvent.Kind.ABSTAINED, "reason": WORDS["missed"], "juror": other}
    SheetEvent.objects.create(sheet=sheet, **event)
    result = actions.lock_result(competition=competition, chair=chair, by=None)
    told = {"name": WORDS["objector"], "contact": WORDS["contact"], "text": WORDS["objection"]}
    objection = Objection.objects.create(competition=competition, result=result, **told)
    actions.answer_objection(objection=objection, state="dismissed", answer=WORDS["answer"], by=office)
    competition.refresh_from_db()
    return competition, Juror.objects.get(pk=juror.pk), other, objection


def let_time_pass(competition: Competition) -> None:
    """All of it happened seven years ago; a locked result stands even against tests, so its guard looks away."""
    ago = timezone.now() - YEARS
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Result.objects.filter(competition=competition).update(locked_at=ago)
        cursor.execute("SET LOCAL session_replication_role = origin")
    began = ago - timedelta(days=40)
    rows = Competition.objects.filter(pk=competition.pk)
    rows.update(opens_at=began, closes_at=ago, held_on=ago.date(), locked_at=ago)
    competition.jurors.update(created_at=began)
    competition.jurors.filter(joined_at__isnull=False).update(joined_at=began)
    competition.jurors.filter(invited_at__isnull=False).update(invited_at=began)
    competition.awards.update(named_at=ago)
    competition.objections.update(received_at=ago, answered_at=ago)
    competition.objections.filter(state="open").update(answered_at=None)
    Message.objects.update(created_at=ago)
