from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.rules import clean_nip
from kit.names import clean_line
from programs.actions import Member
from programs.models import CommitteeMember
from programs.models.committee import MOST_MEMBERS

SPARE_ROWS = 4


class MemberForm(forms.ModelForm):
    """One row of a team; an empty row is nobody."""

    class Meta:
        model = CommitteeMember
        fields = ("name", "duty", "office", "nip")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["duty"].required = False
        # Eighteen digits are written with spaces.
        self.fields["nip"].max_length = 30  # type: ignore[attr-defined]  # a CharField
        self.fields["nip"].validators = []
        self.fields["nip"].widget.attrs["maxlength"] = "30"

    def clean_nip(self) -> str:
        return clean_nip(self.cleaned_data["nip"])

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if any(said.values()):
            for name, sentence in (("name", _("Enter the name.")), ("duty", _("Enter the duty in the team."))):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(sentence, code="required"))
        return said

    def _post_clean(self) -> None:
        """Rows are written all at once by the action, so no single row is checked as a row of the table."""

    @property
    def member(self) -> Member | None:
        said = self.cleaned_data
        return Member(said["name"], said["duty"], said["office"], said["nip"]) if said.get("name") else None


class TeamSheet:
    """The rows of a team with some to spare. `data` is what was sent; None leaves the rows as they are kept."""

    def __init__(self, data: Any, *, members: list[CommitteeMember]) -> None:
        rows = min(MOST_MEMBERS, len(members) + SPARE_ROWS)
        if data is not None and str(data.get("rows", "")).isascii() and str(data.get("rows", "")).isdigit():
            rows = max(1, min(MOST_MEMBERS, int(data["rows"])))
        self.is_bound = data is not None
        self.forms = [
            MemberForm(data, prefix=f"m{number}", instance=members[number] if number < len(members) else None)
            for number in range(rows)
        ]
        self.refusals: list[str] = []

    def is_valid(self) -> bool:
        """Every row is checked, so that all errors show at once."""
        bad = [form for form in self.forms if not form.is_valid()]
        return self.is_bound and not bad

    @property
    def errors(self) -> bool:
        return bool(self.refusals) or any(form.errors for form in self.forms)

    @property
    def members(self) -> list[Member]:
        return [form.member for form in self.forms if form.member is not None]

    def add_refusal(self, refusal: ValidationError) -> None:
        self.refusals += refusal.messages
