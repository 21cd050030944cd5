"""What was computed follows the programme's rule, the plan, and every night whatever is left."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from participants import tasks
from participants.jobs import recompute_program
from participants.models import Completion
from programs.actions import save_reference
from programs.models import Batch, Program
from tests import cast
from tests.participants.graduates import taught
from tests.participants.hall import first, mark, note, running

pytestmark = pytest.mark.django_db


def half_there() -> tuple[Batch, int]:
    """Somebody was in one of the sessions only."""
    batch, [entry, *_others] = running(2)
    note(mark(first(batch), entry))
    return batch, entry.pk


def enough(entry: int) -> bool:
    return Completion.objects.get(registration=entry).attended_enough


def save_rule(program: Program, **values: Any) -> None:
    for name, value in values.items():
        setattr(program, name, value)
    save_reference(row=program, changed=list(values), by=cast.program_officer())


def test_another_rule_of_the_programme_judges_everybody_anew() -> None:
    batch, entry = half_there()
    assert not enough(entry)
    save_rule(batch.program, attendance_share=1)
    job = Job.objects.get(kind="completions_recompute")
    recompute_program(job, lambda _done, _of: None)
    assert enough(entry)


def test_other_fields_of_the_programme_start_nothing() -> None:
    batch, _entry = half_there()
    save_rule(batch.program, late_minutes=20)
    assert not Job.objects.filter(kind="completions_recompute").exists()


def test_a_job_touches_only_the_programme_of_its_office() -> None:
    batch, entry = half_there()
    save_rule(batch.program, attendance_share=1)
    Completion.objects.filter(registration=entry).update(attended_enough=False)
    job = Job.objects.get(kind="completions_recompute")
    job.agency = cast.next_agency()
    recompute_program(job, lambda _done, _of: None)
    assert not enough(entry)


def test_every_night_mends_what_runs_and_leaves_what_is_over() -> None:
    _batch, entry = half_there()
    old = taught(1, program_values={"slug": "lama"}).registrations.get().pk
    Completion.objects.update(sessions_planned=0, sessions_attended=0)
    assert tasks.recompute_completions() >= 1
    assert Completion.objects.get(registration=entry).sessions_planned > 0
    assert Completion.objects.get(registration=old).sessions_planned == 0


def test_the_page_of_the_programme_says_that_it_is_computed(client: Client) -> None:
    batch, _entry = half_there()
    client.force_login(cast.program_officer())
    page = client.get(reverse("programs:program_edit", args=[batch.program.pk]))
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: ("" if value is None else value) for name, value in data.items()} | {"attendance_share": "61"}
    sent = client.post(reverse("programs:program_edit", args=[batch.program.pk]), data)
    assert sent.status_code == 302
    assert Job.objects.get(kind="completions_recompute").params == {"program": batch.program.pk}
