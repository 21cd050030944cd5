"""What the office types about wishes: rounds, groups of words, outcomes of meetings, decisions."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from kit.fields import CHOOSE, REQUIRED, DayField
from kit.names import clean_line
from kit.scans import clean_scan
from kit.uploads import TooLargeFile
from programs.actions import Outcome
from programs.models import Topic, TopicMeeting, TopicOutcome, TopicPhrase, TopicRound
from programs.queries import SAME, Suggestion
from programs.rules import MOST_MEETING_TOPICS

REASON_LENGTH = 300
FIRST_ROWS = 5
NUMBER = {"required": _("Please fill this in."), "invalid": _("Please enter a whole number.")}


def reason_field(label: Any, help_text: Any = "", length: int = REASON_LENGTH) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=length,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": length}),
    )


def topic_field(topics: Sequence[Topic], **kwargs: Any) -> forms.ModelChoiceField:
    rows = Topic.objects.filter(pk__in=[topic.pk for topic in topics])
    return forms.ModelChoiceField(rows, empty_label=_("Choose …"), error_messages=CHOOSE, **kwargs)


class RoundForm(forms.ModelForm):
    opens_on = DayField(label=_("First day"))
    closes_on = DayField(label=_("Last day"))

    class Meta:
        model = TopicRound
        fields = ["agency", "fiscal_year", "opens_on", "closes_on", "topics"]
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            agencies = [self.instance.agency]
        keys = [agency.pk for agency in agencies]
        topics = cast(forms.ModelMultipleChoiceField, self.fields["topics"])
        topics.queryset, topics.required = Topic.objects.filter(agency__in=keys), False
        topics.help_text = str(_("Without a tick residents choose from all topics."))
        self.fields["fiscal_year"].label = _("Wishes for the fiscal year")
        self.fields["fiscal_year"].error_messages.update({name: str(said) for name, said in NUMBER.items()})
        if len(keys) == 1:
            del self.fields["agency"]
            self.instance.agency = agencies[0]
        else:
            office = cast(forms.ModelChoiceField, self.fields["agency"])
            office.queryset, office.empty_label = Agency.objects.filter(pk__in=keys), _("Choose …")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("opens_on") and cleaned.get("closes_on") and cleaned["closes_on"] < cleaned["opens_on"]:
            self.add_error("closes_on", _("The last day cannot come before the first one."))
        return cleaned


class PlaceFilterForm(forms.Form):
    """Which regions the board shows."""

    q = forms.CharField(label=_("Urban village"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("asked", _("With wishes")),
            ("no_meeting", _("Without a meeting")),
            ("open", _("Not decided yet")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        return {name: value.replace("\0", "") for name, value in self.cleaned_data.items() if value}


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Decision"), choices=TopicOutcome.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    reason = reason_field(_("Reason"), _("Everybody can read it on the public page. Please name nobody."))

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"] = topic_field(topics, label=_("Topic"))
        self.order_fields(["topic", "outcome", "reason"])

    def clean_reason(self) -> str:
        return clean_reason(self.cleaned_data["reason"])


def clean_reason(text: str) -> str:
    """What everybody reads holds no identity number, with or without spaces in it."""
    digits = "".join(sign for sign in text if sign not in " .-")
    if any(digits[start : start + 16].isdigit() and len(digits) >= start + 16 for start in range(len(digits))):
        raise ValidationError(_("A number of 16 digits never stands on a public page."), code="reason_with_number")
    return text


class ChooseForm(forms.Form):
    per_region = forms.ChoiceField(
        label=_("Topics in each village"), choices=[(1, "1"), (2, "2"), (3, "3")], error_messages=CHOOSE
    )
    reason = reason_field(_("Reason"), _("Everybody can read it on the public page. Please name nobody."))

    def clean_reason(self) -> str:
        return clean_reason(self.cleaned_data["reason"])


class AsideForm(forms.Form):
    reason = reason_field(_("Why do these wishes not count?"), length=250)


class GroupForm(forms.Form):
    topic = forms.ChoiceField(label=_("Topic"), required=False, error_messages=CHOOSE)
    new_name = forms.CharField(
        label=_("or a new topic"), required=False, max_length=100, widget=forms.TextInput(attrs={"maxlength": 100})
    )
    phrases = forms.MultipleChoiceField(
        label=_("Group these words too"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        phrase: TopicPhrase,
        topics: Sequence[Topic],
        suggested: Sequence[Suggestion],
        alike: Sequence[TopicPhrase],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.phrase = phrase
        self.topics = {str(topic.pk): topic for topic in topics}
        near = [(str(one.topic.pk), str(one.topic)) for one in suggested]
        rest = [(key, str(topic)) for key, topic in self.topics.items() if key not in dict(near)]
        groups: list[Any] = [(_("Suggested"), near), (_("All topics"), rest)] if near else rest
        cast(forms.ChoiceField, self.fields["topic"]).choices = [("", _("Choose …")), *groups]
        self.fields["topic"].initial = near[0][0] if near else ""
        words = [(str(one.pk), f"{one.words} ({one.asked})") for one in alike]
        cast(forms.MultipleChoiceField, self.fields["phrases"]).choices = words
        self.fields["phrases"].initial = [str(one.pk) for one in alike if one.likeness >= SAME]
        if not words:
            del self.fields["phrases"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name = cleaned["new_name"] = clean_line(cleaned.get("new_name", ""))
        if name and cleaned.get("topic"):
            self.add_error("new_name", _("Please choose a topic or name a new one, not both."))
        elif not name and not cleaned.get("topic") and "topic" not in self.errors:
            self.add_error("topic", _("Please choose a topic, or name a new one."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What `actions.group_phrases` asks for."""
        data = self.cleaned_data
        return {
            "phrases": [self.phrase.pk, *map(int, data.get("phrases", []))],
            "topic": self.topics.get(data["topic"]),
            "new_name": data["new_name"],
        }


class MeetingForm(forms.Form):
    """The outcome of a meeting; topics in the order of their rows. `again` shows what was typed with more rows."""

    held_on = DayField(label=_("Day of the meeting"))
    attendees = forms.IntegerField(label=_("People present"), min_value=1, max_value=100_000, error_messages=NUMBER)
    chaired_by = forms.CharField(
        label=_("Led by"), required=False, max_length=100, help_text=_("Usually the head of the urban village.")
    )
    file = forms.FileField(
        label=_("Scan of the signed paper"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF or photo, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        topics: Sequence[Topic],
        meeting: TopicMeeting | None = None,
        again: bool = False,
    ) -> None:
        first = dict(data.items()) if again else _told(meeting)
        super().__init__(None if again else data, None if again else files, initial=first)
        typed = data.get("rows", "") if data else str(first.get("rows", ""))
        count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else FIRST_ROWS
        self.count = min(max(count + 3 * again, FIRST_ROWS), MOST_MEETING_TOPICS)
        for number in range(1, self.count + 1):
            self.fields[f"topic{number}"] = topic_field(topics, label=_("Topic"), required=False)
            self.fields[f"number{number}"] = forms.IntegerField(
                label=_("People"), required=False, min_value=1, max_value=100_000, error_messages=NUMBER
            )

    @property
    def ranks(self) -> list[tuple[int, Any, Any]]:
        return [(number, self[f"topic{number}"], self[f"number{number}"]) for number in range(1, self.count + 1)]

    @property
    def has_room(self) -> bool:
        return self.count < MOST_MEETING_TOPICS

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if isinstance(sent, TooLargeFile):
            raise ValidationError(_("This file is larger than 5 MB. Please send a smaller one."), code="scan_too_large")
        return clean_scan(sent.read()) if sent and sent.size else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.ranking: list[tuple[Topic, int]] = []
        for number in range(1, self.count + 1):
            self._take(number, cleaned)
        if not self.ranking and not self.errors:
            self.add_error("topic1", _("Please name at least one topic."))
        return cleaned

    def _take(self, number: int, cleaned: dict[str, Any]) -> None:
        topic, people = cleaned.get(f"topic{number}"), cleaned.get(f"number{number}")
        if topic is None and people is None:
            return
        if topic is None and f"topic{number}" not in self.errors:
            self.add_error(f"topic{number}", _("Please choose the topic."))
        elif people is None and f"number{number}" not in self.errors:
            self.add_error(f"number{number}", _("How many people want it?"))
        elif any(topic == named for named, _people in self.ranking):
            self.add_error(f"topic{number}", _("This topic stands in the list already."))
        elif people is not None and people > (cleaned.get("attendees") or people):
            self.add_error(f"number{number}", _("More than were present."))
        elif topic is not None and people is not None:
            self.ranking.append((topic, people))

    @property
    def outcome(self) -> Outcome:
        data = self.cleaned_data
        return Outcome(
            held_on=data["held_on"],
            attendees=data["attendees"],
            chaired_by=clean_line(data["chaired_by"]),
            ranking=self.ranking,
            scan=data["file"],
        )


def _told(meeting: TopicMeeting | None) -> dict[str, Any]:
    """What a correction begins with."""
    if meeting is None:
        return {}
    told: dict[str, Any] = {name: getattr(meeting, name) for name in ("held_on", "attendees", "chaired_by")}
    ranking = list(meeting.ranking.all())
    for line in ranking:
        told |= {f"topic{line.rank}": line.topic_id, f"number{line.rank}": line.requesters}
    return told | {"rows": len(ranking) + 1}


class WithdrawForm(forms.Form):
    reason = reason_field(_("Why is it withdrawn?"), length=250)
