"""What residents and officers type about complaints."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from kit.form_keys import KeyedForm
from kit.names import clean_paragraphs
from participants import rules
from participants.actions import Said
from participants.forms.access import CODE_ATTRS, CodeField
from participants.forms.fields import CHOOSE, REQUIRED, FullNameField, MobileField
from participants.models import CloseReason, Complaint, ComplaintCategory, ComplaintQuerySet, ComplaintState

SHORTEST, LONGEST, LONGEST_ANSWER = 20, 2000, 4000
TRACES = {
    "identity": _("Please take out the number of 16 digits: %(words)s."),
    "email": _("Please take out the e-mail address: %(words)s."),
    "phone": _("Please take out the telephone number: %(words)s."),
}


class ParagraphsField(forms.CharField):
    """Several lines, as they are typed, without what nobody sees; counted as people count."""

    def __init__(self, *, rows: int = 6, shortest: int = 0, longest: int = LONGEST, **kwargs: Any) -> None:
        self.shortest, self.longest = shortest, longest
        widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
        super().__init__(**{"widget": widget, "error_messages": REQUIRED, "strip": False, **kwargs})

    def to_python(self, value: Any) -> str:
        return clean_paragraphs(str(value or ""))

    def validate(self, value: str) -> None:
        super().validate(value)
        count = len(value)
        if value and count < self.shortest:
            raise ValidationError(
                _("Please write a little more: at least %(least)d characters. These are %(count)d."),
                code="too_short",
                params={"least": self.shortest, "count": count},
            )
        if count > self.longest:
            raise ValidationError(
                _("At most %(most)d characters; these are %(count)d."),
                code="too_long",
                params={"most": self.longest, "count": count},
            )


class OptionalNameField(FullNameField):
    def clean(self, value: Any) -> str:
        return super().clean(value) if str(value or "").strip() else ""


class OptionalMobileField(MobileField):
    def clean(self, value: Any) -> str:
        return super().clean(value) if str(value or "").strip() else ""


class ComplaintForm(KeyedForm):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("To which office?"), error_messages=CHOOSE)
    category = forms.ChoiceField(
        label=_("What is it about?"), choices=ComplaintCategory.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    text = ParagraphsField(
        label=_("What happened?"),
        help_text=_("When, where, what. 20 to 2,000 characters. Please leave out the data of other people."),
        shortest=SHORTEST,
        rows=8,
    )
    registration_number = CodeField(
        label=_("Registration number"),
        required=False,
        help_text=_("If it is about a registration, for example K7QM-4XPD."),
    )
    full_name = OptionalNameField(
        label=_("Your name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 100})
    )
    phone = OptionalMobileField(
        label=_("Mobile phone (WhatsApp)"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 25}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This e-mail address is not complete.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
    )
    may_publish = forms.BooleanField(
        label=_("My question and the answer may be shown on the board, without my name."), required=False
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_agency = agencies[0] if len(agencies) == 1 else None
        if self.only_agency is not None:
            del self.fields["agency"]
        else:
            chosen = cast(forms.ModelChoiceField, self.fields["agency"])
            chosen.queryset = Agency.objects.active()
            chosen.empty_label = str(_("Choose …"))

    def clean_registration_number(self) -> str:
        number = rules.clean_code(self.cleaned_data["registration_number"])
        if number and not rules.is_code(number):
            raise ValidationError(_("A registration number has 8 letters and digits. You may leave it out."))
        return number

    @property
    def chosen_agency(self) -> Agency:
        return self.only_agency or cast(Agency, self.cleaned_data["agency"])

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        return Said(
            category=data["category"],
            text=data["text"],
            number=data["registration_number"],
            full_name=data["full_name"],
            phone=data["phone"],
            email=data["email"],
            may_publish=data["may_publish"],
            language=get_language() or "id",
        )


class ComplaintStatusForm(forms.Form):
    number = CodeField(label=_("Number of the complaint"))
    word = forms.CharField(
        label=_("Secret word"),
        help_text=_("The word that you noted when you sent it."),
        max_length=40,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs=CODE_ATTRS | {"autocapitalize": "none", "maxlength": 20}),
    )


class ReopenForm(forms.Form):
    comment = ParagraphsField(label=_("What is still not right?"), shortest=SHORTEST, rows=5)


class BoardFilterForm(forms.Form):
    """What the board shows; anything unknown in the address shows everything."""

    q = forms.CharField(label=_("Search the answers"), required=False, max_length=80)
    about = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("Everything")), *ComplaintCategory.choices]
    )
    office = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Office"), required=False, to_field_name="slug", empty_label=_("All")
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["office"]).queryset = Agency.objects.active()
        if len(agencies) < 2:
            del self.fields["office"]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, complaints: ComplaintQuerySet) -> ComplaintQuerySet:
        wanted = self.wanted
        if "about" in wanted:
            complaints = complaints.filter(category=wanted["about"])
        if "office" in wanted:
            complaints = complaints.filter(agency=wanted["office"])
        return complaints.on_board(wanted["q"]) if "q" in wanted else complaints


class ComplaintFilterForm(forms.Form):
    """The list at the desk. The words are encrypted, so it is searched by number alone."""

    number = forms.CharField(label=_("Number"), required=False, max_length=12, widget=forms.TextInput(attrs=CODE_ATTRS))
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Not finished")), *ComplaintState.choices, ("overdue", _("Overdue")), ("all", _("All"))],
    )
    about = forms.ChoiceField(label=_("About"), required=False, choices=[("", _("All")), *ComplaintCategory.choices])
    whose = forms.ChoiceField(
        label=_("Officer"),
        required=False,
        choices=[("", _("All")), ("mine", _("Mine")), ("nobody", _("Nobody yet"))],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def by_due_day(self) -> bool:
        """What is open is read in the order of its clock, the rest from the newest on."""
        return self.wanted.get("state", "") in {"", "new", "in_progress", "overdue"} and "number" not in self.wanted

    def narrow(self, complaints: ComplaintQuerySet) -> ComplaintQuerySet:
        wanted = self.wanted
        if "number" in wanted:
            return complaints.filter(code=rules.clean_code(wanted["number"]))
        state = wanted.get("state", "")
        if state == "overdue":
            complaints = complaints.overdue((self.user.agency or Agency()).today())
        elif state in ComplaintState.values:
            complaints = complaints.filter(state=state)
        elif state != "all":
            complaints = complaints.open()
        if "about" in wanted:
            complaints = complaints.filter(category=wanted["about"])
        whose = wanted.get("whose")
        if whose == "nobody":
            return complaints.filter(assigned_to__isnull=True)
        return complaints.filter(assigned_to=self.user) if whose == "mine" else complaints


class ComplaintNoteForm(forms.Form):
    text = ParagraphsField(label=_("Note for colleagues"), help_text=_("The author never reads it."), rows=4)


class ComplaintAnswerForm(forms.Form):
    answer = ParagraphsField(
        label=_("Your answer"),
        help_text=_("What you found out, what is done about it, and by when. Plain words, no names of others."),
        shortest=SHORTEST,
        longest=LONGEST_ANSWER,
        rows=9,
    )


class ComplaintCloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is there no answer?"), choices=CloseReason.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    note = ParagraphsField(
        label=_("A sentence to the author"), help_text=_("For example which office to turn to."), longest=500, rows=3
    )


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class ContactRevealForm(forms.Form):
    purpose = ParagraphsField(
        label=_("Why do you need name and contact?"),
        help_text=_("This is written into the audit trail with your name."),
        longest=300,
        rows=3,
    )


class ComplaintPassForm(forms.Form):
    category = forms.ChoiceField(label=_("What is it about?"), choices=ComplaintCategory.choices, error_messages=CHOOSE)
    to = OfficerField(
        User.objects.none(),
        label=_("Officer"),
        required=False,
        empty_label=_("Nobody yet: whoever takes it"),
        help_text=_("Those who see what it is about now. If you change that, choose nobody: others will take it."),
    )
    concerns = OfficerField(
        User.objects.none(),
        label=_("Whom is it about?"),
        required=False,
        empty_label=_("No officer"),
        help_text=_("This person no longer sees the complaint, whatever their role."),
    )
    note = ParagraphsField(label=_("Note for colleagues"), required=False, longest=500, rows=3)

    def __init__(self, *args: Any, officers: list[User], staff: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("to", officers), ("concerns", staff)):
            chosen = cast(forms.ModelChoiceField, self.fields[name])
            chosen.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("full_name")


class PublishForm(forms.Form):
    question = ParagraphsField(
        label=_("The question, as everybody may read it"),
        help_text=_("Shorten it and take out names, places and dates by which somebody could be known."),
        shortest=SHORTEST,
        rows=6,
    )
    answer = ParagraphsField(
        label=_("The answer, as everybody may read it"), shortest=SHORTEST, longest=LONGEST_ANSWER, rows=7
    )
    checked = forms.BooleanField(
        label=_("I have read both once more: nobody can be recognised by them."),
        error_messages={"required": _("Please read both texts once more, then tick this.")},
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint = complaint

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("question", "answer"):
            for sentence in self._found_in(cleaned.get(name, "")):
                self.add_error(name, sentence)
        return cleaned

    def _found_in(self, text: str) -> list[str]:
        agency, registration = self.complaint.agency, self.complaint.registration
        traces = rules.personal_traces(text, allowed=(agency.phone, agency.email))
        sentences = [str(TRACES[kind]) % {"words": words} for kind, words in traces]
        names = [self.complaint.full_name or "", registration.full_name if registration else ""]
        known = rules.names_in(text, [name for name in names if name])
        if known:
            sentences.append(
                str(_("The name of a person concerned stands here: %(words)s. Please write it in another way."))
                % {"words": ", ".join(known)}
            )
        if any(code and code in rules.clean_code(text) for code in (self.complaint.named_code, self.complaint.code)):
            sentences.append(str(_("Please take out the number of the registration or of the complaint.")))
        return sentences
