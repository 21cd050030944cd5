"""Somebody who did everything that the portal knows: there is a row about them in every table that holds people."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from incentives.models import ReceiptCheck, UsePhoto, UseReport
from jobs.actions import start, store_file
from jobs.models import Job
from participants import actions
from participants.models import (
    Attendance,
    AttendanceMark,
    Broadcast,
    CardPreparation,
    Completion,
    DoorCase,
    DuplicateReview,
    IncidentPerson,
    Offer,
    PersonMerge,
    PersonPair,
    PersonTrace,
    Proxy,
    Registration,
    Replacement,
    RetentionItem,
    RetentionRule,
    RetentionRun,
    Selection,
    SelectionRow,
    SheetLine,
    SignedSheet,
    hash_nik,
    written_wish,
)
from programs.models import Batch, Session
from tests import cast, factories
from tests.incentives import decided
from tests.incentives import made as competitions
from tests.participants import cards, lists
from tests.participants.lines import small_batch
from tests.participants.merging import merged
from tests.participants.papers import sent

WORDS = {
    "name": "Rahayuningtyas Pembatik",
    "nik": "9971015208990457",
    "phone": "+6281299887766",
    "shown phone": "0812-9988-7766",
    "bare phone": "81299887766",
    "email": "rahayuningtyas@contoh.example",
    "address": "Gang Cempaka Ungu 17",
    "birth date": "1999-08-12",
    # Of the card that a merge took away.
    "other name": "Rahayu Ningtias",
    "other nik": "9971015208990466",
    "other phone": "81277665544",
    "other email": "ningtias@contoh.example",
    "card number": "3375-AK1-2026-777888",
    "proxy": "Sumarsonowati Kader",
    "business": "Kembang Turi",
}
BORN = date(1999, 8, 12)
NOTE = f"{WORDS['name']} diantar dari {WORDS['address']}"


def lived(batch: Batch) -> Registration:
    """The entry in `batch`, which came from a list; another entry came by a card that was merged into this one."""
    officer = cast.program_officer()
    other = _from_list(small_batch())
    mine = factories.registration(
        batch,
        full_name=WORDS["name"],
        nik=WORDS["nik"],
        birth_date=BORN,
        phone=WORDS["phone"],
        email=WORDS["email"],
        address=WORDS["address"],
        business_name=WORDS["business"],
    )
    neighbour = factories.registration(batch, full_name="Tetangga Contoh")
    _merge(mine, other)
    mine = Registration.objects.with_parts().get(pk=mine.pk)
    _at_the_hall(mine, neighbour, officer)
    _as_job_seeker(mine, officer)
    _on_the_desk(mine, neighbour, officer)
    _among_the_rules(mine, neighbour, officer)
    _before_the_jury(mine)
    return Registration.objects.with_parts().get(pk=mine.pk)


def _before_the_jury(mine: Registration) -> None:
    """A pitch that was not chosen, with slides."""
    pitch = competitions.entry(competitions.competition(mine.batch), mine, title=f"Usaha {WORDS['name']}")
    agency, name = mine.batch.program.agency, WORDS["name"]
    stored = store_file(
        agency=agency, name=f"{name}.pdf", content=name.encode(), content_type="application/pdf", by=None
    )
    pitch.files.create(kind="slides", stored=stored)
    receipt = store_file(agency=agency, name="nota", content=name.encode(), content_type="image/jpeg", by=None)
    won = competitions.entry(competitions.competition(mine.batch), mine)
    award, today = decided.award(won.competition, won), agency.today()
    check = ReceiptCheck.objects.create(award=award, net=1, paid_on=today, document="SP2D", words=NOTE)
    ReceiptCheck.objects.filter(pk=check.pk).update(outcome_note=NOTE)
    report = UseReport.objects.create(award=award, due_on=today, change=NOTE, note=NOTE)
    UsePhoto.objects.create(line=report.lines.create(position=1, words=NOTE), stored=receipt)


def seal(entry: Registration) -> None:
    """The days for undoing are over."""
    PersonMerge.objects.filter(kept=entry.person_id).update(undo_until=timezone.now())
    actions.seal_merges()


def _from_list(batch: Batch) -> Registration:
    """Brought in from a spreadsheet, with a line that was left out for its wrong number."""
    row = lists.person(
        1,
        nik=WORDS["other nik"],
        full_name=WORDS["other name"],
        birth_date=BORN,
        phone=f"0{WORDS['other phone']}",
        email=WORDS["other email"],
        address=WORDS["address"],
    )
    wrong = row | {"nik": "997101", "phone": "0812"}
    lists.brought_in(lists.checked(batch, [row, wrong]))
    return Registration.objects.with_parts().get(nik_hash=hash_nik(WORDS["other nik"]))


def _merge(kept: Registration, gone: Registration) -> None:
    assert gone.person is not None
    assert kept.person is not None
    stranger = factories.registration(small_batch(), full_name="Orang Lain").person
    assert stranger is not None
    factories.payee_account(cast.home_agency(), owner=f"person:{gone.person.pk}", payee_name=WORDS["other name"])
    first, second = sorted((gone.person.pk, stranger.pk))
    decided: dict[str, Any] = {"decided_at": timezone.now(), "decided_by": cast.verifier(), "decision": "different"}
    PersonPair.objects.create(
        agency=cast.home_agency(),
        first_id=first,
        second_id=second,
        score=70,
        found_at=timezone.now(),
        note=f"Bukan {WORDS['other name']}",
        **decided,
    )
    PersonTrace.objects.get_or_create(person=gone.person, defaults={"sound_key": "RHY", "digest": "x"})
    PersonTrace.objects.get_or_create(person=kept.person, defaults={"sound_key": "RHY", "digest": "x"})
    cards.preparation(gone.person, cast.program_officer(), sheet='{"school": "SMK Cempaka Ungu"}')
    merged(kept, gone)


def _at_the_hall(entry: Registration, neighbour: Registration, by: User) -> None:
    session = Session.objects.filter(batch=entry.batch_id).order_by("pk")[0]
    now, pair = timezone.now(), {"session": session, "registration": entry}
    seen: dict[str, Any] = {"way": "list", "at": now, "noted_at": now, "by": by}
    mark = AttendanceMark.objects.create(kind="arrived", note=NOTE, **pair, **seen)
    AttendanceMark.objects.create(kind="revoked", revokes=mark, note=f"Bukan {WORDS['name']}", **pair, **seen)
    about = {"session": session, "registration": neighbour, "note": f"Datang bersama {WORDS['name']}"}
    AttendanceMark.objects.create(kind="arrived", **about, **seen)
    Attendance.objects.create(status="absent", **pair)
    case = {"reason": "no_seat", "kind": "arrived", **seen}
    for number, registration in enumerate((entry, None)):
        DoorCase.objects.create(
            client_id=f"00000000-0000-4000-8000-00000000000{number}",
            session=session,
            registration=registration,
            written=WORDS["name"],
            note=NOTE,
            **case,
        )
    sheet = SignedSheet.objects.create(session=session, signatures=2, note=NOTE)
    SheetLine.objects.create(
        sheet=sheet, registration=entry, signed=True, verdict="present", reason=NOTE, decided_at=now, decided_by=by
    )
    Replacement.objects.create(gone=neighbour, came=entry, session=session, reason=NOTE, at=now, by=by)
    other = factories.registration(entry.batch)
    Replacement.objects.create(gone=entry, came=other, session=session, reason=NOTE, at=now, by=by)
    Completion.objects.create(registration=entry, sessions_planned=1, computed_at=now)


def _as_job_seeker(entry: Registration, by: User) -> None:
    assert entry.person is not None
    card = cards.card(entry.person, by, number=WORDS["card number"])
    cards.report(card)
    CardPreparation.objects.filter(person=entry.person).update(sheet=f'{{"birth_place": "{WORDS["address"]}"}}')
    ended: dict[str, Any] = {"ended_on": date(2026, 1, 1), "end_reason": "expired", "ended_by": by}
    cards.card(entry.person, by, number=f"{WORDS['card number']}0", issued_on=date(2024, 1, 1), **ended)


def _on_the_desk(entry: Registration, neighbour: Registration, by: User) -> None:
    agency, now = cast.home_agency(), timezone.now()
    sent(entry)
    actions.issue_claim_code(registration=entry, by=by)
    actions.send_recovery_code(code=entry.code)
    actions.reveal_nik(registration=entry, purpose="Mencocokkan dengan KTP", by=by)
    actions.request_fix(registration=entry, note=NOTE, documents=[], by=by)
    Proxy.objects.create(registration=entry, relation="cadre", full_name=WORDS["proxy"])
    older = Registration.objects.filter(pk__lt=entry.pk).order_by("pk")[0]
    DuplicateReview.objects.create(first=older, second=entry, decision="different", at=now, by=by)
    DuplicateReview.objects.create(first=entry, second=neighbour, decision="different", at=now, by=by)
    Registration.objects.filter(pk=neighbour.pk).update(check_note=f"Serumah dengan {WORDS['name']}, 0812-9988-7766")
    factories.complaint(full_name=WORDS["name"], phone=WORDS["phone"], text=f"Saya {WORDS['name']}", number=entry.code)
    broadcast = {"subject_id": "Kabar", "body_id": f"Terima kasih, {WORDS['name']}.", "subject_en": "News"}
    Broadcast.objects.create(batch=entry.batch, body_en=f"Thank you, {WORDS['name']}.", written_by=by, **broadcast)
    file = store_file(
        agency=agency,
        name="peserta.csv",
        content=", ".join(WORDS.values()).encode(),
        content_type="text/csv",
        expires_at=now + timedelta(days=1),
        by=by,
    )
    job = start(kind="registrations_export", params={"filters": {"q": WORDS["name"]}}, agency=agency, by=by)
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=now, result=file)
    Offer.objects.create(
        registration=entry,
        state="accepted",
        token_hash="a" * 64,
        offered_at=now,
        expires_at=now + timedelta(days=1),
        answered_at=now,
    )


def _among_the_rules(entry: Registration, neighbour: Registration, by: User) -> None:
    agency, now, dpo = cast.home_agency(), timezone.now(), cast.dpo()
    incident = actions.report_incident(
        agency=agency,
        title="Daftar terkirim",
        kind="disclosure",
        data_items=["name"],
        discovered_at=now,
        happening=NOTE,
        effect=NOTE,
        handling=NOTE,
        by=dpo,
    )
    IncidentPerson.objects.create(incident=incident, registration=entry, person=entry.person)
    rule = RetentionRule.objects.create(agency=agency, kind="took_part", months=60, legal_basis="x", changed_at=now)
    run = RetentionRun.objects.create(rule=rule, months=60, cutoff=now, proposed_at=now)
    RetentionItem.objects.create(run=run, person=entry.person, last_at=now)
    RetentionItem.objects.create(run=run, registration=entry, last_at=now)
    terms = {"method": "points", "seats": 1, "waiting_places": 0, "list_hash": "b" * 64, "frozen_at": now}
    chosen = Selection.objects.create(batch=entry.batch, frozen_by=by, **terms)
    SelectionRow.objects.create(selection=chosen, registration=entry, rank=1, outcome="held", reason="seat")
    asked = actions.ask(
        subject=entry.person or entry,
        registration=entry,
        by=None,
        asked=actions.Asked(kind="objection", note=NOTE, identity="pin"),
    )
    assert asked.wish == written_wish(NOTE)
