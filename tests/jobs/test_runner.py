import datetime as dt
import logging
import threading

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs import actions, rules, runner, tasks
from jobs.models import Job, State, StoredFile
from kit import wakeup
from tests.jobs import kinds
from tests.jobs.conftest import Start
from tests.support.worker import running_worker


def grown_old(job: Job, age: dt.timedelta) -> None:
    """As if its runner had died so long ago."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - age)


def run_in_thread(job: Job) -> threading.Thread:
    def work() -> None:
        try:
            runner.run(job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_run_to_the_end_keeps_the_result(start: Start) -> None:
    job = start()
    assert runner.run(job.pk) == State.DONE
    job.refresh_from_db()
    assert (job.state, job.progress, job.total, job.attempts, job.message) == (State.DONE, 100, 100, 1, "")
    assert job.result is not None
    assert job.result.name == "hasil.txt"
    assert job.finished_at is not None


def test_run_without_a_file(start: Start) -> None:
    job = start("quiet")
    assert runner.run(job.pk) == State.DONE
    job.refresh_from_db()
    assert job.result is None


def test_run_keeps_the_sentence_of_a_refusal(start: Start) -> None:
    job = start("refuse")
    assert runner.run(job.pk) == State.FAILED
    job.refresh_from_db()
    assert (job.state, job.message) == (State.FAILED, "Tidak ada pendaftaran pada pilihan ini.")


def test_run_hides_the_text_of_an_error(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    job = start("crash", nik=9912345678901234)
    with caplog.at_level(logging.ERROR):
        assert runner.run(job.pk) == State.FAILED
    job.refresh_from_db()
    assert "9912345678901234" not in job.message + caplog.text
    assert "RuntimeError" in caplog.text
    assert "kinds.py" in caplog.text


def test_run_twice_runs_once(start: Start) -> None:
    job = start()
    runner.run(job.pk)
    assert runner.run(job.pk) is None
    assert kinds.ran == [job.pk]


def test_progress_is_written_seldom(start: Start, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    job = start(rows=50_000)
    claimed = runner.claim(job.pk)
    assert claimed is not None
    ticker = runner.Ticker(claimed)
    ticker.save(0, 50_000)
    with django_assert_max_num_queries(3):
        for row in range(50_000):
            ticker(row + 1, 50_000)


def test_is_worth_saving_needs_time_and_movement() -> None:
    assert [rules.is_worth_saving(*tried) for tried in ((0.1, 1, 9), (0.6, 1, 1), (0.6, 1, 2), (11.0, 1, 1))] == [
        False,
        False,
        True,
        True,
    ]


def test_percent_stays_within_a_hundred() -> None:
    assert [rules.percent(*tried) for tried in ((0, 0), (1, 3), (3, 3), (4, 3))] == [0, 33, 100, 100]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_runners_run_it_once(start: Start) -> None:
    job = start()
    barrier = threading.Barrier(4)
    results: list[State | None] = []

    def work() -> None:
        barrier.wait()
        try:
            results.append(runner.run(job.pk))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert kinds.ran == [job.pk]
    assert sorted(map(str, results)) == ["None", "None", "None", "done"]
    assert StoredFile.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_cancel_stops_a_running_job(start: Start) -> None:
    job = start("wait")
    worker = run_in_thread(job)
    assert kinds.begun.wait(10)
    actions.cancel(job=job, by=job.created_by)
    kinds.release.set()
    worker.join()
    job.refresh_from_db()
    assert (job.state, job.result) == (State.CANCELLED, None)
    assert StoredFile.objects.kept(timezone.now()).count() == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_runner_that_was_given_up_keeps_no_result(start: Start) -> None:
    """Its heart stood still for two minutes, another runner finished the job, then it wakes."""
    job = start("wait")
    late = run_in_thread(job)
    assert kinds.begun.wait(10)
    grown_old(job, rules.PATIENCE + dt.timedelta(seconds=1))
    assert runner.take_back(timezone.now()) == 1
    Job.objects.filter(pk=job.pk).update(kind="count")
    assert runner.run(job.pk) == State.DONE
    job.refresh_from_db()
    result = job.result
    kinds.release.set()
    late.join()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == (State.DONE, 2, result)
    assert list(StoredFile.objects.kept(timezone.now())) == [result]


def test_take_back_resumes_what_a_crash_left(start: Start) -> None:
    job = start()
    runner.claim(job.pk)
    assert runner.take_back(timezone.now()) == 0
    grown_old(job, rules.PATIENCE + dt.timedelta(seconds=1))
    assert runner.take_back(timezone.now()) == 1
    assert runner.run(job.pk) == State.DONE
    job.refresh_from_db()
    assert job.attempts == 2


def test_take_back_gives_up_what_kills_its_runner(start: Start) -> None:
    job = start()
    for _attempt in range(rules.MOST_ATTEMPTS):
        assert runner.claim(job.pk) is not None
        grown_old(job, rules.PATIENCE + dt.timedelta(seconds=1))
        runner.take_back(timezone.now())
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, rules.MOST_ATTEMPTS)
    assert job.message != ""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_is_woken_and_sweep_wakes_it_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker knows no kind of the tests: that it ends the job with a sentence shows that it ran it."""
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:1/0")
    lost = start()
    monkeypatch.delenv("CELERY_BROKER_WRITE_URL")
    Job.objects.update(created_at=timezone.now() - rules.WAKE_AGAIN * 2)
    wakeup.listen_again()
    with running_worker() as worker:
        woken = start()
        worker.wait_for(lambda: Job.objects.filter(pk=woken.pk, state=State.FAILED).exists())
        assert Job.objects.get(pk=lost.pk).state == State.QUEUED
        assert tasks.sweep() == 1
        worker.wait_for(lambda: Job.objects.filter(pk=lost.pk, state=State.FAILED).exists())
