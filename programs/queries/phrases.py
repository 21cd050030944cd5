"""Own words of residents, and what they may mean."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Max
from django.db.models.functions import Greatest, Lower

from programs.models import Topic, TopicPhrase

ALIKE = 0.3  # what PostgreSQL itself takes for alike
SAME = 0.5  # from here on it is ticked beforehand
MOST_ALIKE = 30


@dataclass(frozen=True)
class Suggestion:
    topic: Topic
    likeness: float


def alike_phrases(phrase: TopicPhrase) -> list[TopicPhrase]:
    """Others that wait and resemble it, the likest first, with `asked` and `likeness`."""
    others = TopicPhrase.objects.filter(agency=phrase.agency_id).waiting().exclude(pk=phrase.pk)
    return list(others.with_asked().like(phrase.key)[:MOST_ALIKE])


def suggested_topics(phrase: TopicPhrase) -> list[Suggestion]:
    """Topics by the likeness of their name, or of words that were put under them before; the likest first."""
    named = Greatest(
        TrigramSimilarity(Lower("name"), phrase.key),
        TrigramWordSimilarity(phrase.key, Lower("name")),
    )
    topics = Topic.objects.filter(agency=phrase.agency_id).annotate(
        named=named, known=Max(TrigramSimilarity("phrases__key", phrase.key))
    )
    scored = [Suggestion(topic, max(topic.named, topic.known or 0.0)) for topic in topics]
    return sorted((one for one in scored if one.likeness >= ALIKE), key=lambda one: (-one.likeness, one.topic.name))
