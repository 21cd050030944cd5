"""Own words are put under a topic once; whoever writes them again is counted there."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import spoken_refusals
from programs.models import Topic, TopicPhrase


@transaction.atomic
def group_phrases(
    *, agency: Agency, phrases: Sequence[int], topic: Topic | None = None, new_name: str = "", by: User
) -> Topic:
    """Puts the phrases of these keys under a topic, one that is there or a new one. All of them or none."""
    rows = _locked(agency, phrases)
    if any(row.topic_id is not None for row in rows):
        raise ValidationError(
            _("Somebody has grouped some of these words just now. Please look again."), code="phrase_grouped"
        )
    target = topic or _new_topic(agency, new_name, by)
    if target.agency_id != agency.pk:
        raise ValidationError(_("This topic belongs to another office."), code="topic_foreign")
    TopicPhrase.objects.filter(pk__in=[row.pk for row in rows]).update(topic=target, set_aside=False)
    changes = {"count": len(rows), "topic": target.name}
    record(action="topic_phrases.grouped", by=by, target=target, agency=agency, changes=changes)
    return target


def _new_topic(agency: Agency, name: str, by: User) -> Topic:
    if not name:
        raise ValidationError(_("Please choose a topic, or name a new one."), code="topic_missing")
    made = Topic(agency=agency, name=name)
    with spoken_refusals(Topic):
        made.save(force_insert=True)
    record(action="topic.saved", by=by, target=made, agency=agency, changes={"fields": ["name"]})
    return made


def _locked(agency: Agency, phrases: Sequence[int]) -> list[TopicPhrase]:
    rows = TopicPhrase.objects.filter(agency=agency, pk__in=set(phrases)).order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    if not found or len(found) != len(set(phrases)):
        raise ValidationError(_("Please choose the words to group."), code="phrases_missing")
    return found


@transaction.atomic
def ungroup_phrase(*, phrase: TopicPhrase, by: User) -> TopicPhrase:
    """Takes a phrase out of its topic, or back from those set aside: it waits again."""
    (row,) = _locked(phrase.agency, [phrase.pk])
    if row.topic_id is None and not row.set_aside:
        raise ValidationError(_("Nothing has changed."), code="nothing_changed")
    row.topic, row.set_aside = None, False
    row.save(update_fields=["topic", "set_aside"])
    record(action="topic_phrase.ungrouped", by=by, target=row, agency=row.agency)
    return row


@transaction.atomic
def set_phrase_aside(*, phrase: TopicPhrase, by: User) -> TopicPhrase:
    """What is no training: it is not counted, now or when it is written again."""
    (row,) = _locked(phrase.agency, [phrase.pk])
    if row.topic_id is not None:
        raise ValidationError(_("Words that belong to a topic are not set aside."), code="phrase_grouped")
    row.set_aside = True
    row.save(update_fields=["set_aside"])
    record(action="topic_phrase.set_aside", by=by, target=row, agency=row.agency)
    return row
