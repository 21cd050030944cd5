"""What residents want to learn: rounds in which they are asked, their wishes, and the words that they chose."""

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from programs.models.program import Topic
from programs.rules import MOST_WISHES
from regions.models import Region

COUNTED = Q(set_aside_at__isnull=True)


class TopicRoundQuerySet(models.QuerySet["TopicRound"]):
    def visible_to(self, user: Actor, permission: Permission = Permission.VIEW_TOPIC_REQUESTS) -> Self:
        return self.filter(scope_q(user, permission, region=None))

    def newest_first(self) -> Self:
        return self.select_related("agency__region").order_by("-fiscal_year", "agency__name", "pk")

    def locked(self, pk: int) -> "TopicRound":
        """Whoever decides in a round holds its row, so that places are given one after the other."""
        self.model.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.model.objects.select_related("agency__region").get(pk=pk)


class TopicRound(models.Model):
    """The days in which an office asks for wishes, and the fiscal year that they are for."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="topic_rounds", verbose_name=_("agency"))
    fiscal_year = models.PositiveSmallIntegerField(verbose_name=_("fiscal year"))
    opens_on = models.DateField(verbose_name=_("first day"))
    closes_on = models.DateField(verbose_name=_("last day"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics to choose from"))

    objects = TopicRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of topic requests")
        verbose_name_plural = _("rounds of topic requests")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "fiscal_year"],
                name="topic_round_once_a_year",
                violation_error_message=_("There is a round for this year already. Please change its dates instead."),
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="topic_round_ends_after_it_begins",
                violation_error_message=_("The last day cannot come before the first one."),
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2100),
                name="topic_round_year_plausible",
                violation_error_message=_("The fiscal year lies between 2000 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.fiscal_year)

    def get_absolute_url(self) -> str:
        return reverse("programs:wish_tally", args=[self.pk])

    def phase(self, today: date) -> str:
        """upcoming, open or closed."""
        if today < self.opens_on:
            return "upcoming"
        return "open" if today <= self.closes_on else "closed"

    @property
    def is_open(self) -> bool:
        return self.phase(self.agency.today()) == "open"


class TopicPhraseQuerySet(models.QuerySet["TopicPhrase"]):
    def visible_to(self, user: Actor, permission: Permission = Permission.DECIDE_TOPIC_REQUESTS) -> Self:
        return self.filter(scope_q(user, permission, region=None))

    def waiting(self) -> Self:
        return self.filter(topic__isnull=True, set_aside=False)

    def with_asked(self) -> Self:
        """`asked`: how many residents wrote it, of the requests that count."""
        counted = Q(wishes__request__set_aside_at__isnull=True)
        return self.annotate(asked=Count("wishes__request", filter=counted, distinct=True))

    def most_asked_first(self) -> Self:
        return self.with_asked().order_by(F("asked").desc(), "pk")

    def like(self, key: str) -> Self:
        """Those that resemble it, the likest first, with `likeness`."""
        near = self.filter(Q(key__trigram_similar=key) | Q(key__trigram_word_similar=key))
        likeness = Greatest(TrigramSimilarity("key", key), TrigramWordSimilarity(key, "key"))
        return near.annotate(likeness=likeness).order_by(F("likeness").desc(), "pk")


class TopicPhrase(models.Model):
    """One way in which residents wrote a topic. Whoever writes it again is counted where staff put it once."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    key = models.CharField(max_length=60, verbose_name=_("compared words"))
    words = models.CharField(max_length=60, verbose_name=_("words"))
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="phrases", verbose_name=_("topic")
    )
    set_aside = models.BooleanField(default=False, verbose_name=_("set aside"))

    # Filled by `with_asked()` and `like()`.
    asked: int
    likeness: float

    objects = TopicPhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish in own words")
        verbose_name_plural = _("wishes in own words")
        indexes = [GinIndex(fields=["key"], name="topic_phrase_like", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "key"],
                name="topic_phrase_once",
                violation_error_message=_("These words are known already."),
            ),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z0-9]+( [a-z0-9]+)*$"),
                name="topic_phrase_key_normalised",
                violation_error_message=_("Please write the training in words."),
            ),
            models.CheckConstraint(
                condition=~Q(words__regex=r"([0-9][^a-zA-Z]*){5}|@"),
                name="topic_phrase_without_numbers",
                violation_error_message=_("Please write the training only, without numbers and addresses."),
            ),
            models.CheckConstraint(
                condition=Q(set_aside=False) | Q(topic__isnull=True),
                name="topic_phrase_grouped_or_set_aside",
                violation_error_message=_("Words that belong to a topic are not set aside."),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class TopicRequestQuerySet(models.QuerySet["TopicRequest"]):
    def visible_to(self, user: Actor, permission: Permission = Permission.VIEW_TOPIC_REQUESTS) -> Self:
        return self.filter(scope_q(user, permission, agency="round__agency"))

    def counted(self) -> Self:
        return self.filter(COUNTED)


class TopicRequest(models.Model):
    """The wishes of one resident, without name or contact. `origin` tells only whether many came from one network."""

    round = models.ForeignKey(TopicRound, on_delete=models.PROTECT, related_name="requests", verbose_name=_("round"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    submission_key = models.UUIDField(unique=True, editable=False)
    submitted_at = models.DateTimeField(verbose_name=_("sent at"))
    origin = models.CharField(max_length=64, blank=True, editable=False)
    set_aside_at = models.DateTimeField(null=True, blank=True, verbose_name=_("set aside at"))
    set_aside_reason = models.CharField(max_length=250, blank=True, verbose_name=_("reason"))

    objects = TopicRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic request")
        verbose_name_plural = _("topic requests")
        indexes = [
            models.Index(fields=["round", "region"], name="topic_request_places"),
            models.Index(
                fields=["round", "origin", "submitted_at"], condition=~Q(origin=""), name="topic_request_origin"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(set_aside_at__isnull=True) & Q(set_aside_reason=""))
                | (Q(set_aside_at__isnull=False) & ~Q(set_aside_reason="")),
                name="topic_request_set_aside_has_reason",
                violation_error_message=_("What is set aside needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.pk}"


class TopicWish(models.Model):
    """One of up to three wishes in order: a topic of the list, or own words."""

    request = models.ForeignKey(
        TopicRequest, on_delete=models.CASCADE, related_name="wishes", verbose_name=_("topic request")
    )
    rank = models.PositiveSmallIntegerField(verbose_name=_("place"))
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("topic"))
    phrase = models.ForeignKey(
        TopicPhrase, on_delete=models.PROTECT, null=True, related_name="wishes", verbose_name=_("in own words")
    )

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(
                fields=["request", "rank"],
                name="topic_wish_rank_once",
                violation_error_message=_("Each wish has a place of its own."),
            ),
            models.UniqueConstraint(
                fields=["request", "topic"],
                name="topic_wish_topic_once",
                violation_error_message=_("You have chosen this one already. Please choose something else."),
            ),
            models.UniqueConstraint(
                fields=["request", "phrase"],
                name="topic_wish_phrase_once",
                violation_error_message=_("You have written this already. Please write something else."),
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=MOST_WISHES),
                name="topic_wish_rank_between_1_and_3",
                violation_error_message=_("There are at most three wishes."),
            ),
            models.CheckConstraint(
                condition=Q(topic__isnull=False, phrase__isnull=True) | Q(topic__isnull=True, phrase__isnull=False),
                name="topic_wish_listed_or_own_words",
                violation_error_message=_("A wish is a topic of the list or own words."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic or self.phrase)


class TopicOutcome(models.TextChoices):
    CHOSEN = "chosen", _("Chosen")
    DECLINED = "declined", _("Not this year")


class TopicDecisionQuerySet(models.QuerySet["TopicDecision"]):
    def visible_to(self, user: Actor, permission: Permission = Permission.VIEW_TOPIC_REQUESTS) -> Self:
        return self.filter(scope_q(user, permission, agency="round__agency"))

    def in_force(self) -> Self:
        return self.filter(undone_at__isnull=True)

    def chosen(self) -> Self:
        return self.in_force().filter(outcome=TopicOutcome.CHOSEN)


class TopicDecision(models.Model):
    """What the office decided about a topic in a region, why, and the figures that it knew then."""

    round = models.ForeignKey(TopicRound, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("round"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("topic"))
    outcome = models.CharField(max_length=10, choices=TopicOutcome.choices, verbose_name=_("decision"))
    reason = models.CharField(max_length=300, verbose_name=_("reason"))
    position = models.PositiveSmallIntegerField(null=True, verbose_name=_("place"))
    asked = models.PositiveIntegerField(default=0, verbose_name=_("residents who asked for it"))
    asked_first = models.PositiveIntegerField(default=0, verbose_name=_("as their first wish"))
    meeting_rank = models.PositiveSmallIntegerField(null=True, verbose_name=_("place in the meeting"))
    decided_at = models.DateTimeField(verbose_name=_("decided at"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"))
    undone_at = models.DateTimeField(null=True, verbose_name=_("taken back at"))
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )

    objects = TopicDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a topic")
        verbose_name_plural = _("decisions on topics")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "region", "topic"],
                condition=Q(undone_at__isnull=True),
                name="topic_decision_once",
                violation_error_message=_("This topic has been decided there already."),
            ),
            models.UniqueConstraint(
                fields=["round", "region", "position"],
                condition=Q(undone_at__isnull=True, outcome="chosen"),
                name="topic_decision_place_once",
                violation_error_message=_("Another topic has this place already."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="chosen", position__isnull=False, position__gte=1)
                | Q(outcome="declined", position__isnull=True),
                name="topic_decision_chosen_has_place",
                violation_error_message=_("A chosen topic has a place, another has none."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="topic_decision_has_reason",
                violation_error_message=_("A decision needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="topic_decision_undone_names_who",
                violation_error_message=_("What is taken back names who did it and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.outcome}"
