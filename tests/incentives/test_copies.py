"""Identity cards and bank books of winners: a mark that somebody saw them, and no copy."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from budgets.models import Payment
from incentives import actions
from incentives.models import Award, Competition, SeenCopy
from incentives.queries.copies import copy_rows
from programs.models import Batch
from tests import cast, factories
from tests.budgets.money import refused
from tests.incentives import decided
from tests.participants.desk import at_desk, errors, flash
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(batch: Batch) -> Competition:
    return decided.won(batch, 1)


def with_account(of: Competition) -> Award:
    row = copy_rows(of)[0].row
    factories.payee_account(of.program.agency, owner=row.owner, payee_name=row.name)
    return row.award


def test_note_copies_marks_each_once_and_by_whom(of: Competition) -> None:
    award = with_account(of)
    both = [(award.pk, kind) for kind in SeenCopy.Kind.values]
    assert actions.note_copies(competition=of, seen=both, by=cast.treasurer()) == 2
    assert actions.note_copies(competition=of, seen=both, by=cast.program_officer()) == 0
    [row] = copy_rows(of)
    assert [mark.seen_by for mark in (row.identity_card, row.bank_book) if mark] == [cast.treasurer()] * 2
    assert AuditEntry.objects.filter(action="award.copies_seen").count() == 1


def test_note_copies_refuses_who_may_not_and_what_is_not_there(of: Competition) -> None:
    award = of.awards.get()
    seen = [(award.pk, "bank_book")]
    refused("no_account", action=actions.note_copies, competition=of, seen=seen, by=cast.treasurer())
    refused("no_duty", action=actions.note_copies, competition=of, seen=seen, by=cast.auditor())
    refused("nothing_seen", action=actions.note_copies, competition=of, seen=[], by=cast.treasurer())
    gone = [(award.pk + 1000, "identity_card")]
    refused("award_ended", action=actions.note_copies, competition=of, seen=gone, by=cast.treasurer())


def test_a_bank_book_is_seen_again_when_the_account_changes(of: Competition) -> None:
    award = with_account(of)
    actions.note_copies(competition=of, seen=[(award.pk, "bank_book")], by=cast.treasurer())
    [payment] = actions.propose_awards(competition=of, by=cast.activity_officer())
    assert copy_rows(of)[0].bank_book is not None
    other = factories.payee_account(of.program.agency)
    Payment.objects.filter(pk=payment.pk).update(account=other)
    assert copy_rows(of)[0].bank_book is None
    assert actions.note_copies(competition=of, seen=[(award.pk, "bank_book")], by=cast.treasurer()) == 1
    assert SeenCopy.objects.get().account == other


def test_constraints_of_copies(of: Competition) -> None:
    award = with_account(of)
    actions.note_copies(competition=of, seen=[(award.pk, "bank_book")], by=cast.treasurer())
    again = SeenCopy.objects.get()
    again.pk = None
    assert broken_by(lambda: again.save(force_insert=True)) == "seen_copy_once"
    assert broken_by(lambda: SeenCopy.objects.update(account=None)) == "seen_copy_of_an_account"


def test_award_copies_offers_what_is_open_and_keeps_what_was_ticked(of: Competition) -> None:
    award, address = of.awards.get(), reverse("incentives:award_copies", args=[of.pk])
    desk = at_desk(cast.treasurer())
    page = desk.get(address).content.decode()
    assert (f'value="{award.pk}:identity_card"' in page, f'value="{award.pk}:bank_book"' in page) == (True, False)
    assert list(errors(desk.post(address, {}))) == ["seen"]
    assert list(errors(desk.post(address, {"seen": f"{award.pk}:bank_book"}))) == ["seen"]
    answer = desk.post(address, {"seen": f"{award.pk}:identity_card"})
    assert flash(answer) == ["Yang sudah dilihat dicatat."]
    assert SeenCopy.objects.get().kind == "identity_card"
    reader = at_desk(cast.auditor())
    assert "Catat yang sudah saya lihat" not in reader.get(address).content.decode()
    assert reader.post(address, {"seen": f"{award.pk}:bank_book"}).status_code == 403


def test_copy_undo_takes_a_mark_back(of: Competition) -> None:
    actions.note_copies(competition=of, seen=[(of.awards.get().pk, "identity_card")], by=cast.treasurer())
    address = reverse("incentives:copy_undo", args=[SeenCopy.objects.get().pk])
    assert at_desk(cast.auditor()).post(address).status_code == 403
    assert at_desk(cast.other_agency_officer()).post(address).status_code == 404
    assert at_desk(cast.program_officer()).post(address).status_code == 302
    assert SeenCopy.objects.count() == 0
    assert AuditEntry.objects.filter(action="award.copy_undone").count() == 1
