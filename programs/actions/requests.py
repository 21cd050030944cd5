"""What residents do: say which trainings they want, and take it back."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.rules import is_inside
from kit.refusals import spoken_refusals
from kit.rows import insert_unless_there
from programs.models import Topic, TopicPhrase, TopicRequest, TopicRequestQuerySet, TopicRound, TopicWish
from programs.rules import MOST_WISHES, holds_numbers, phrase_key
from regions.models import Region

FORGET_AFTER = timedelta(days=30)
NOT_OPEN = _("Wishes are not being collected just now.")
USED = _("This form has been sent already with other wishes. Please press the button again to send these too.")


@transaction.atomic
def ask_for_topics(
    *,
    topic_round: TopicRound,
    region: Region,
    wanted: Sequence[Topic | str],
    submission_key: uuid.UUID,
    origin: str = "",
    by: None = None,
) -> TopicRequest:
    """The wishes of one resident in order, topics of the list or own words. The same form sent twice is one request."""
    now = timezone.now()
    _refuse_unfit(topic_round, region, now)
    wishes = _named(topic_round, wanted)
    request = TopicRequest(
        round=topic_round, region=region, submission_key=submission_key, submitted_at=now, origin=origin
    )
    _refuse_flood(topic_round, origin, now, submission_key)
    if not insert_unless_there(request):
        return _pressed_twice(submission_key, region, wishes)
    for rank, (topic, phrase) in enumerate(wishes, 1):
        TopicWish(request=request, rank=rank, topic=topic, phrase=phrase).save(force_insert=True)
    record(action="topic_request.received", by=by, target=request, agency=topic_round.agency)
    return request


def _refuse_unfit(topic_round: TopicRound, region: Region, now: datetime) -> None:
    if topic_round.phase(now.astimezone(topic_round.agency.zone).date()) != "open":
        raise ValidationError(NOT_OPEN, code="topic_round_closed")
    if not is_inside(region.code, topic_round.agency.region_id) or region.valid_to is not None:
        raise ValidationError(_("This region does not belong to the office."), code="topic_region_foreign")


def _refuse_flood(topic_round: TopicRound, origin: str, now: datetime, key: uuid.UUID) -> None:
    """So many a day from one network, whether Redis counts or not; villages share an address, so it is generous."""
    most = settings.TOPIC_REQUESTS_A_DAY
    if not origin or not most:
        return
    recent = TopicRequest.objects.filter(round=topic_round, origin=origin, submitted_at__gt=now - timedelta(days=1))
    if recent.exclude(submission_key=key).values("pk")[:most].count() >= most:
        raise ValidationError(
            _("Very many wishes have come from your network today. Please try again tomorrow, or tell your village."),
            code="topic_origin_full",
        )


def _named(topic_round: TopicRound, wanted: Sequence[Topic | str]) -> list[tuple[Topic | None, TopicPhrase | None]]:
    """Each as a topic or as a phrase; what is named twice counts once, at its first place."""
    found: list[tuple[Topic | None, TopicPhrase | None]] = []
    for one in wanted:
        topic = one if isinstance(one, Topic) else _topic_called(topic_round.agency, one)
        phrase = None if topic is not None else _phrase(topic_round.agency, str(one))
        if (topic, phrase) not in found:
            found.append((topic, phrase))
    if not 1 <= len(found) <= MOST_WISHES:
        raise ValidationError(_("Please name one to three trainings."), code="topic_wishes_missing")
    if any(topic is not None and topic.agency_id != topic_round.agency_id for topic, _phrase in found):
        raise ValidationError(_("This topic belongs to another office."), code="topic_foreign")
    return found


def _topic_called(agency: Agency, words: str) -> Topic | None:
    """Own words that are the name of a topic of the list mean that topic."""
    key = phrase_key(words)
    return next((topic for topic in agency.topics.all() if phrase_key(topic.name) == key), None)


def _phrase(agency: Agency, words: str) -> TopicPhrase:
    key = phrase_key(words)
    if not key or holds_numbers(words):
        raise ValidationError(
            _("Please write the training only, without numbers and addresses."), code="topic_phrase_without_numbers"
        )
    phrase = TopicPhrase(agency=agency, key=key, words=words)
    insert_unless_there(phrase)
    return TopicPhrase.objects.get(agency=agency, key=key)


def _pressed_twice(
    key: uuid.UUID, region: Region, wishes: Sequence[tuple[Topic | None, TopicPhrase | None]]
) -> TopicRequest:
    existing = TopicRequest.objects.select_related("round__agency", "region").get(submission_key=key)
    sent = [(wish.topic, wish.phrase) for wish in existing.wishes.select_related("topic", "phrase")]
    if existing.region_id != region.code or sent != list(wishes):
        raise ValidationError(USED, code="form_used")
    return existing


@transaction.atomic
def withdraw_request(*, sent: TopicRequest, by: None = None) -> None:
    """The resident takes the wishes back while they are collected; nothing of them is kept."""
    if not sent.round.is_open:
        raise ValidationError(NOT_OPEN, code="topic_round_closed")
    record(action="topic_request.withdrawn", by=by, target=sent, agency=sent.round.agency)
    sent.delete()


@transaction.atomic
def set_aside_origin(*, sent: TopicRequest, reason: str, by: User) -> int:
    """No longer counts what came from the same network as this request in its round. How many were set aside."""
    with spoken_refusals(TopicRequest):
        changed = _same_origin(sent).counted().update(set_aside_at=timezone.now(), set_aside_reason=reason)
    changes = {"count": _some(changed)}
    agency = sent.round.agency
    record(action="topic_request.set_aside", by=by, target=sent, agency=agency, purpose=reason, changes=changes)
    return changed


@transaction.atomic
def count_origin_again(*, sent: TopicRequest, by: User) -> int:
    """Takes that back."""
    aside = _same_origin(sent).filter(set_aside_at__isnull=False)
    changed = aside.update(set_aside_at=None, set_aside_reason="")
    changes = {"count": _some(changed)}
    record(action="topic_request.counted_again", by=by, target=sent, agency=sent.round.agency, changes=changes)
    return changed


def _same_origin(sent: TopicRequest) -> TopicRequestQuerySet:
    if not sent.origin:
        raise ValidationError(_("It is no longer known which wishes came together."), code="topic_origin_forgotten")
    return TopicRequest.objects.filter(round=sent.round_id, origin=sent.origin)


def _some(count: int) -> int:
    if count == 0:
        raise ValidationError(_("Nothing has changed."), code="nothing_changed")
    return count


@transaction.atomic
def forget_origins(*, by: None = None) -> int:
    """A month after a round nobody needs to know any more which wishes came together. How many were cleared."""
    before = timezone.localdate() - FORGET_AFTER
    return TopicRequest.objects.filter(round__closes_on__lt=before).exclude(origin="").update(origin="")
