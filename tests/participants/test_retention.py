"""Retention: shown first, decided by a person, carried out to the letter or less, and the figures stay."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from jobs.models import Job
from jobs.runner import run as run_job
from notifications.models import Message
from participants import actions
from participants.models import Incident, IncidentPerson, Person, Registration, RetentionRule, RetentionRun
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import small_batch

pytestmark = pytest.mark.django_db

YEARS_AGO = timedelta(days=365 * 7)


def long_ago(batch: Batch, state: str = "finished") -> None:
    """The batch and everything about it happened seven years ago."""
    with connection.cursor() as cursor:
        moved_days = "tstzrange(lower(during) - interval '2555 days', upper(during) - interval '2555 days')"
        cursor.execute(f"UPDATE programs_session SET during = {moved_days}")  # noqa: S608 - a constant
    moved = {name: getattr(batch, name) - YEARS_AGO for name in ("starts_at", "ends_at") if getattr(batch, name)}
    Batch.objects.filter(pk=batch.pk).update(state=state, **moved)
    then = timezone.now() - YEARS_AGO
    Registration.objects.filter(batch=batch).update(created_at=then)
    Message.objects.update(created_at=then, state="sent", sent_at=then)


def finished(count: int = 3) -> Batch:
    batch = small_batch(quota=20)
    for _number in range(count):
        factories.registration(batch)
    batch.refresh_from_db()
    long_ago(batch)
    return batch


def rule(kind: str = "took_part", months: int = 60) -> RetentionRule:
    values: dict[str, Any] = {"legal_basis": "Jadwal retensi arsip", "is_active": True, "by": cast.dpo()}
    return actions.save_retention_rule(agency=cast.home_agency(), kind=kind, months=months, **values)


def proposed(kind: str = "took_part") -> RetentionRun:
    run = actions.propose_retention(rule=rule(kind), by=None)
    assert run is not None
    return run


def approved(run: RetentionRun) -> RetentionRun:
    return actions.approve_retention(run=run, expected=run.found, by=cast.dpo())


def carried_out(run: RetentionRun) -> RetentionRun:
    actions.carry_out_retention(run=approved(run), by=cast.dpo())
    return RetentionRun.objects.get(pk=run.pk)


def counts() -> Counter[tuple[object, ...]]:
    return Counter(
        Registration.objects.values_list(
            "region", "sex", "birth_date__year", "education_level", "seat", "check_state", "batch"
        )
    )


def test_proposal_counts_and_removes_nothing() -> None:
    finished(3)
    run = proposed()
    assert (run.found, run.entries, run.items.count(), run.state) == (3, 3, 3, "proposed")
    assert Person.objects.filter(anonymised_at=None).count() == 3


def test_what_was_shown_goes_and_every_count_stays() -> None:
    finished(3)
    before = counts()
    run = carried_out(proposed())
    assert (run.removed, run.kept, run.state) == (3, 0, "done")
    assert counts() == before
    assert Person.objects.filter(anonymised_at=None).count() == 0
    assert set(Registration.objects.values_list("full_name", flat=True)) == {"(data dihapus)"}


def test_young_batches_are_left_alone() -> None:
    finished(1)
    factories.registration(small_batch())
    run = carried_out(proposed())
    assert (run.removed, Person.objects.filter(anonymised_at=None).count()) == (1, 1)


def test_who_came_back_since_is_not_due() -> None:
    batch = finished(1)
    old = Registration.objects.get(batch=batch)
    again = factories.declaration(0, nik=old.nik, phone=old.phone)
    factories.registration(small_batch(), declaration=again)
    assert actions.propose_retention(rule=rule(), by=None) is None


def test_who_comes_back_between_proposal_and_removal_stays() -> None:
    batch = finished(2)
    run = approved(proposed())
    old = Registration.objects.filter(batch=batch).order_by("pk").first()
    assert old is not None
    factories.registration(small_batch(), declaration=factories.declaration(0, nik=old.nik, phone=old.phone))
    actions.carry_out_retention(run=run, by=cast.dpo())
    run.refresh_from_db()
    assert (run.removed, run.kept) == (1, 1)
    assert Registration.objects.get(pk=old.pk).anonymised_at is None


def test_nobody_who_became_due_later_goes_with_an_older_proposal() -> None:
    finished(1)
    run = approved(proposed())
    finished(2)
    actions.carry_out_retention(run=run, by=cast.dpo())
    assert Person.objects.filter(anonymised_at=None).count() == 2


def test_who_never_took_part_has_a_rule_of_their_own() -> None:
    batch = finished(2)
    first = Registration.objects.filter(batch=batch).order_by("pk").first()
    assert first is not None
    Registration.objects.filter(pk=first.pk).update(seat="released", withdrawn_at=timezone.now() - YEARS_AGO)
    never, took = proposed("never_took_part"), proposed("took_part")
    assert (never.found, took.found) == (1, 1)
    assert never.items.get().person_id == first.person_id


def test_people_of_an_open_incident_are_held() -> None:
    batch = finished(1)
    entry = Registration.objects.get(batch=batch)
    now, by = timezone.now(), cast.dpo()
    incident = Incident.objects.create(
        agency=cast.home_agency(),
        title="Hilang",
        kind="loss",
        discovered_at=now,
        happening="-",
        reported_by=by,
        reported_at=now,
    )
    IncidentPerson.objects.create(incident=incident, registration=entry, person=entry.person)
    assert actions.propose_retention(rule=rule(), by=None) is None


def test_other_offices_are_left_alone() -> None:
    finished(1)
    other = rule()
    RetentionRule.objects.filter(pk=other.pk).update(agency=cast.next_agency())
    assert actions.propose_retention(rule=RetentionRule.objects.get(), by=None) is None


def test_interrupted_work_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    finished(3)
    monkeypatch.setattr("participants.actions.retention.AT_ONCE", 1)
    run = approved(proposed())
    seen: list[tuple[int, int]] = []

    def stop_after_two(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.carry_out_retention(run=run, by=cast.dpo(), progress=stop_after_two)
    assert Person.objects.filter(anonymised_at=None).count() == 1
    actions.carry_out_retention(run=run, by=cast.dpo())
    run.refresh_from_db()
    assert (run.removed, run.state, seen) == (3, "done", [(1, 3), (2, 3)])


def test_approving_another_number_than_was_read_is_refused() -> None:
    finished(2)
    with pytest.raises(ValidationError) as refused:
        actions.approve_retention(run=proposed(), expected=1, by=cast.dpo())
    assert refused.value.code == "changed"


def test_changed_rule_discards_its_proposal() -> None:
    finished(1)
    run = proposed()
    rule(months=48)
    run.refresh_from_db()
    assert (run.state, run.items.count()) == ("discarded", 0)


def test_old_messages_go_and_later_attempts_stay() -> None:
    finished(2)
    young = Message.objects.order_by("pk").last()
    assert young is not None
    Message.objects.filter(pk=young.pk).update(created_at=timezone.now())
    run = proposed("messages")
    assert run.found == 1
    assert carried_out(run).removed == 1
    assert list(Message.objects.values_list("pk", flat=True)) == [young.pk]


def test_night_proposes_and_carries_out_only_with_standing_approval() -> None:
    finished(2)
    of = rule()
    assert actions.propose_all_retention() == 1
    assert RetentionRun.objects.get().state == "proposed"
    with pytest.raises(ValidationError) as refused:
        actions.give_standing_approval(rule=of, by=cast.dpo())
    assert refused.value.code == "never_carried_out"
    carried_out(RetentionRun.objects.get())
    actions.give_standing_approval(rule=of, by=cast.dpo())
    finished(1)
    assert actions.propose_all_retention() == 1
    run = RetentionRun.objects.order_by("-pk")[0]
    assert (run.state, run.by_standing, run.decided_by) == ("approved", True, cast.dpo())


def test_night_only_proposes_when_the_approver_lost_the_role(client: Client) -> None:
    finished(2)
    of, former = rule(), cast.dpo()
    assert actions.propose_all_retention() == 1
    carried_out(RetentionRun.objects.get())
    actions.give_standing_approval(rule=of, by=former)
    finished(1)
    former.role_assignments.update(role=Role.VERIFIER)
    assert actions.propose_all_retention() == 1
    run = RetentionRun.objects.order_by("-pk")[0]
    assert (run.state, run.by_standing, Job.objects.filter(params__run=run.pk).exists()) == ("proposed", False, False)
    client.force_login(cast.auditor())
    assert "menunggu keputusan" in client.get(reverse("participants:retention_list")).content.decode()


def test_standing_approval_ended_twice_stays_ended(client: Client) -> None:
    """Two presses of the same button: the second must not give again what the first took back."""
    finished(2)
    of = rule()
    assert actions.propose_all_retention() == 1
    carried_out(RetentionRun.objects.get())
    client.force_login(cast.dpo())
    stands = []
    for sent in ({"step": "give"}, {}, {}):
        client.post(reverse("participants:retention_standing", args=[of.kind]), sent)
        stands.append(RetentionRule.objects.get().is_standing)
    assert stands == [True, False, False]
    assert AuditEntry.objects.filter(action="retention.standing_ended").count() == 1


def test_worker_carries_out_what_was_approved() -> None:
    finished(1)
    approved(proposed())
    run_job(Job.objects.get(kind="retention_run").pk)
    assert RetentionRun.objects.get().state == "done"


def test_officer_looks_and_decides(client: Client) -> None:
    finished(2)
    rule()
    client.force_login(cast.dpo())
    shown = client.post(reverse("participants:retention_propose", args=["took_part"]), follow=True)
    run = RetentionRun.objects.get()
    assert "Warga" in shown.content.decode()
    url = reverse("participants:retention_detail", args=[run.pk])
    assert client.post(url, {"expected": "2"}).status_code == 422
    assert client.post(url, {"expected": "2", "sure": "on"}).status_code == 302
    run.refresh_from_db()
    assert run.state == "approved"


def test_head_sees_and_does_not_decide(client: Client) -> None:
    finished(1)
    run = proposed()
    client.force_login(cast.auditor())
    url = reverse("participants:retention_detail", args=[run.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"expected": "1", "sure": "on"}).status_code == 403
