"""Which papers are looked for, on what day one is issued, and why one no longer counts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from documents.kinds import paper_kinds
from documents.models import DocumentQuerySet, Status

EVERY = [("", _("All"))]
FIRST_YEAR, LAST_YEAR = 2000, 2199


class PaperFilterForm(forms.Form):
    q = forms.CharField(label=_("Number or name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*EVERY, *Status.choices])
    scope = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted((str(kind.title), code) for code, kind in paper_kinds().items())
        self.fields["kind"].choices = [*EVERY, *((code, title) for title, code in kinds)]  # type: ignore[attr-defined]  # a ChoiceField

    def narrow(self, papers: DocumentQuerySet) -> DocumentQuerySet:
        """What cannot be understood narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        if words := given.get("q", "").replace("\0", "").strip():
            papers = papers.called(words)
        if kind := given.get("kind"):
            papers = papers.filter(kind=kind)
        if status := given.get("status"):
            papers = papers.filter(status=status)
        return papers.about(given["scope"]) if given.get("scope") else papers


class IssueForm(forms.Form):
    date = forms.DateField(
        label=_("Date of the paper"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Please fill this in."), "invalid": _("This date does not exist.")},
    )

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("This is not a year of a paper."))
        return day


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=250, error_messages={"required": _("Please say why, in a few words.")}
    )


class RegisterForm(forms.Form):
    register = forms.ChoiceField(label=_("Number register"))
    year = forms.IntegerField(label=_("Year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)])
    first = forms.IntegerField(label=_("First number"), min_value=1, max_value=99_999)

    def __init__(self, *args: Any, registers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["register"].choices = [(one, one) for one in registers]  # type: ignore[attr-defined]  # a ChoiceField


class NumberingForm(forms.Form):
    pattern = forms.CharField(label=_("Pattern"), max_length=120)
    register = forms.RegexField(
        r"^[a-z0-9_-]{1,40}$",
        label=_("Number register"),
        help_text=_("Kinds of one register are counted together, like letters in one book."),
        error_messages={"invalid": _("Small letters, digits and hyphens only.")},
    )
    classification = forms.CharField(label=_("Code of classification"), max_length=40, required=False)
    unit = forms.CharField(
        label=_("Code of the unit"), max_length=40, required=False, help_text=_("Empty: that of the letterhead.")
    )
    code = forms.CharField(label=_("Code of the kind"), max_length=20, required=False)


class TemplateForm(forms.Form):
    """One text field for each block; the layout only for who may change layouts."""

    paper_size = forms.ChoiceField(
        label=_("Paper size"),
        required=False,
        choices=[("", _("As the office")), ("A4", "A4"), ("F4", "F4 (215 x 330 mm)")],
    )
    with_letterhead = forms.BooleanField(label=_("With letterhead"), required=False)
    layout = forms.CharField(
        label=_("Layout (Typst)"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 18, "spellcheck": "false"}),
        help_text=_("Empty: the product's own layout."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, data: Any = None, *, kind: Any, initial: dict[str, Any], lays_out: bool) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        for block in kind.blocks:
            rows = min(14, max(2, len(block.default) // 70 + block.default.count("\n") + 1))
            self.fields[f"block_{block.code}"] = forms.CharField(
                label=block.label, required=False, strip=False, widget=forms.Textarea({"rows": rows})
            )
        if not lays_out:
            del self.fields["layout"]

    def add_refusal(self, refusal: ValidationError) -> None:
        """What a layout cannot set is said above the words to whoever has no layout on the page."""
        for name, errors in refusal.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def blocks(self) -> list[Any]:
        return [self[f"block_{block.code}"] for block in self.kind.blocks]
