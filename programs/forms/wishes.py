"""What residents type about the trainings that they want."""

from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.form_keys import KeyedForm
from kit.names import clean_line
from programs.models import Topic, TopicRound
from programs.rules import LONGEST_WISH, MOST_WISHES, holds_numbers, phrase_key
from regions.models import Region

# More villages than this are not chosen from a list but named.
LONGEST_LIST = 400
CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the list.")}
REQUIRED = {"required": _("Please fill this in.")}
WISHES = (_("First wish"), _("Second wish"), _("Third wish"))
OWN_WORDS = _("or in your own words")


class OwnWordsField(forms.CharField):
    """A training in a few words; no numbers, for nobody is to be recognised by them."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (holds_numbers(value) or not phrase_key(value)):
            raise ValidationError(
                _("Please write the training only, without numbers and addresses."), code="topic_phrase_without_numbers"
            )


class WishForm(KeyedForm):
    region = forms.ChoiceField(label=_("Your urban village"), error_messages=CHOOSE)
    region_name = forms.CharField(
        label=_("Your urban village or village"),
        help_text=_("The name as it stands on the identity card, with the district if there are several."),
        max_length=100,
        error_messages=REQUIRED,
    )

    def __init__(self, *args: Any, topic_round: TopicRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic_round = topic_round
        self.topics = {str(topic.pk): topic for topic in offered_topics(topic_round)}
        self._ask_region()
        names = [("", _("Choose …")), *((key, str(topic)) for key, topic in self.topics.items())]
        for number in range(1, MOST_WISHES + 1):
            self.fields[f"topic{number}"] = forms.ChoiceField(
                label=_("From the list"), required=False, choices=names, error_messages=CHOOSE
            )
            self.fields[f"words{number}"] = OwnWordsField(
                label=OWN_WORDS,
                required=False,
                max_length=LONGEST_WISH,
                widget=forms.TextInput(attrs={"maxlength": LONGEST_WISH, "autocomplete": "off"}),
            )

    def _ask_region(self) -> None:
        villages = Region.objects.current().under(self.topic_round.agency.region_id).villages()
        listed = list(villages.select_related("parent").order_by("parent__name", "name")[: LONGEST_LIST + 1])
        if len(listed) > LONGEST_LIST:
            del self.fields["region"]
            return
        del self.fields["region_name"]
        self.villages = {village.code: village for village in listed}
        groups = [
            (above.full_name if above else "", [(village.code, village.name) for village in inside])
            for above, inside in groupby(listed, key=lambda village: village.parent)
        ]
        cast(forms.ChoiceField, self.fields["region"]).choices = [("", _("Choose …")), *groups]

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Heading, list and own words of each wish."""
        numbers = range(1, MOST_WISHES + 1)
        return [(WISHES[number - 1], self[f"topic{number}"], self[f"words{number}"]) for number in numbers]

    def clean_region_name(self) -> Region:
        match = Region.objects.match(self.cleaned_data["region_name"], within=self.topic_round.agency.region_id)
        if match.region is None or match.region.level != 4:
            known = "; ".join(region.path for region in match.suggestions[:5] if region.level == 4)
            message = _("Which one do you mean: %(known)s?") if known else _("We do not know this village.")
            raise ValidationError(message, code="region_unknown", params={"known": known})
        return match.region

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.wanted: list[Topic | str] = []
        seen: set[str] = set()
        for number in range(1, MOST_WISHES + 1):
            self._take(number, cleaned, seen)
        if not self.wanted and not self.errors:
            self.add_error("topic1", _("Please choose a training, or write it yourself."))
        return cleaned

    def _take(self, number: int, cleaned: dict[str, Any], seen: set[str]) -> None:
        topic, words = self.topics.get(cleaned.get(f"topic{number}", "")), cleaned.get(f"words{number}", "")
        if topic is not None and words:
            self.add_error(f"words{number}", _("Please choose from the list or write it yourself, not both."))
            return
        wanted = topic or words
        if not wanted:
            return
        key = phrase_key(str(wanted.name if isinstance(wanted, Topic) else wanted))
        if key in seen:
            place = f"topic{number}" if topic else f"words{number}"
            self.add_error(place, _("You have named this one already. Please name something else."))
            return
        seen.add(key)
        self.wanted.append(wanted)

    @property
    def chosen_region(self) -> Region:
        if "region" in self.fields:
            return self.villages[self.cleaned_data["region"]]
        return cast(Region, self.cleaned_data["region_name"])


def offered_topics(topic_round: TopicRound) -> list[Topic]:
    """What may be chosen from: the topics of the round, or all of the office."""
    return list(topic_round.topics.all()) or list(topic_round.agency.topics.all())
