"""Whom the office invites, one by one or as a pasted table, and what the invited type."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.actions import Guest
from accounts.forms.sign_in import NewPasswordMixin, code_field, new_password_field, repeated_password_field
from accounts.models import Agency, User, UserQuerySet
from accounts.roles import Role
from accounts.rules import plain_username
from kit.sealed import SealedSearchField
from regions.models import Level, Region

MOST_ROWS = 200
COLUMNS = ("full_name", "region", "email", "username", "role")
HEADINGS = {
    **dict.fromkeys(("nama", "nama lengkap", "name", "full name"), "full_name"),
    **dict.fromkeys(("kelurahan", "desa", "wilayah", "kelurahan/desa", "region", "village"), "region"),
    **dict.fromkeys(("email", "e-mail", "surel"), "email"),
    **dict.fromkeys(("nama pengguna", "username", "user name"), "username"),
    **dict.fromkeys(("peran", "role", "jabatan"), "role"),
}
plain_name = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,39}$", _("Use 3 to 40 small letters, digits, dots, hyphens or underscores.")
)


@dataclass
class Row:
    """One line of the table as it will be, or what is wrong with it."""

    number: int
    full_name: str
    username: str = ""
    email: str = ""
    role: Role | None = None
    region: Region | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def guest(self) -> Guest:
        role = self.role or Role.VILLAGE_OFFICER
        return Guest(username=self.username, full_name=self.full_name, role=role, region=self.region, email=self.email)


class Reader:
    """Reads lines into rows for one agency; remembers what earlier lines have taken."""

    def __init__(self, agency: Agency, default_role: Role) -> None:
        self.agency, self.default_role = agency, default_role
        self.usernames = set(User.objects.values_list("username", flat=True))
        self.emails = set(User.objects.exclude(email="").values_list("email", flat=True))
        self.roles: dict[str, Role] = {}
        for language in ("id", "en"):
            with override(language):
                self.roles |= {str(role.label).lower(): role for role in Role}
        self.roles |= {role.value: role for role in Role}

    def row(self, number: int, cells: dict[str, str]) -> Row:
        row = Row(number, " ".join(cells.get("full_name", "").split())[:120])
        if not row.full_name:
            row.errors.append(_now("The name is missing."))
        self._role(row, cells.get("role", ""))
        self._region(row, cells.get("region", ""))
        self._email(row, cells.get("email", "").strip().lower())
        self._username(row, cells.get("username", "").strip().lower())
        return row

    def _role(self, row: Row, typed: str) -> None:
        row.role = self.roles.get(typed.strip().lower()) if typed.strip() else self.default_role
        if row.role is None:
            row.errors.append(_now("There is no role “%(role)s”.") % {"role": typed.strip()[:40]})

    def _region(self, row: Row, typed: str) -> None:
        if not typed.strip():
            if row.role == Role.VILLAGE_OFFICER:
                row.errors.append(_now("Write the kelurahan of this officer."))
            return
        match = Region.objects.match(typed, within=self.agency.region_id)
        row.region = match.region
        if match.region is None:
            meant = ", ".join(region.full_name for region in match.suggestions[:3])
            told = _now("“%(name)s” is not found here.") % {"name": typed.strip()[:60]}
            row.errors.append(f"{told} {_now('Did you mean: %(names)s?') % {'names': meant}}" if meant else told)
        elif row.role == Role.VILLAGE_OFFICER and match.region.level != Level.VILLAGE:
            row.errors.append(_now("%(name)s is no kelurahan or desa.") % {"name": match.region.full_name})

    def _email(self, row: Row, typed: str) -> None:
        if not typed or typed == "-":
            return
        row.email = typed
        try:
            validate_email(typed)
        except ValidationError:
            row.errors.append(_now("This is no e-mail address. Leave it empty: then a letter is printed."))
            return
        if typed in self.emails:
            row.errors.append(_now("Somebody else has this e-mail address already."))
        self.emails.add(typed)

    def _username(self, row: Row, typed: str) -> None:
        row.username = typed or self._free(plain_username(row.full_name)) if row.full_name or typed else ""
        if not row.username:
            return
        try:
            plain_name(row.username)
        except ValidationError as refusal:
            row.errors.append(refusal.messages[0])
            return
        if row.username in self.usernames:
            row.errors.append(_now("The user name %(name)s is taken.") % {"name": row.username})
        self.usernames.add(row.username)

    def _free(self, name: str) -> str:
        numbers = (f"{name}{number}" for number in range(2, MOST_ROWS + 1000))
        return name if name not in self.usernames else next(free for free in numbers if free not in self.usernames)


def lines_of(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    """Pasted from a spreadsheet (tabs), or typed with semicolons or commas; the first line may name the columns."""
    delimiter = next((mark for mark in "\t;" if mark in text), ",")
    columns: tuple[str, ...] = COLUMNS
    for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        if not any(cell.strip() for cell in cells):
            continue
        named = tuple(HEADINGS.get(cell.strip().lower(), "") for cell in cells)
        if number == 1 and "full_name" in named:
            columns = named
            continue
        yield number, {name: cell for name, cell in zip(columns, cells, strict=False) if name}


class AgencyForm(forms.Form):
    """Asks for the office only where somebody administers several."""

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = agencies
        if len(agencies) > 1:
            choices = [(str(agency.pk), agency.short_name) for agency in agencies]
            self.fields["agency"] = forms.ChoiceField(label=_("Office"), choices=choices)

    @property
    def agency_choice(self) -> forms.BoundField:
        return self["agency"]

    @property
    def agency(self) -> Agency:
        chosen = self.cleaned_data.get("agency")
        return next(agency for agency in self.agencies if chosen is None or str(agency.pk) == chosen)


def role_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Role.choices, initial=Role.VILLAGE_OFFICER)


class InviteForm(AgencyForm):
    full_name = forms.CharField(label=_("Full name"), max_length=120, error_messages={"required": _("Write the name.")})
    role = role_field(_("Role"))
    region = forms.CharField(
        label=_("Kelurahan or other region"),
        required=False,
        max_length=80,
        help_text=_("Empty: the whole area of the office. A village officer needs a kelurahan."),
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("Empty: you print a letter with a code instead."),
        widget=forms.EmailInput,
    )
    username = forms.CharField(
        label=_("User name"), required=False, max_length=40, help_text=_("Empty: made from the name.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self.row = Reader(self.agency, Role(data["role"])).row(1, data)
            for error in self.row.errors:
                self.add_error(None, error)
        return data

    @property
    def guests(self) -> list[Guest]:
        return [self.row.guest]


class InviteManyForm(AgencyForm):
    rows: list[Row] = []
    role = role_field(_("Role, where the table names none"))
    table = forms.CharField(
        label=_("Table"),
        max_length=60_000,
        help_text=_("One person a line: full name, kelurahan, e-mail, user name, role. The last three may be empty."),
        error_messages={"required": _("Paste the table here.")},
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        lines = list(lines_of(data["table"]))
        if not 1 <= len(lines) <= MOST_ROWS:
            raise ValidationError(
                _("The table has %(count)d people; from 1 to %(most)d can be invited at once."),
                code="row_count",
                params={"count": len(lines), "most": MOST_ROWS},
            )
        reader = Reader(self.agency, Role(data["role"]))
        self.rows = [reader.row(number, cells) for number, cells in lines]
        return data

    @property
    def guests(self) -> list[Guest]:
        return [row.guest for row in self.rows]

    @property
    def wrong_rows(self) -> int:
        return sum(1 for row in self.rows if row.errors)


class ChooseForm(NewPasswordMixin, forms.Form):
    """A password of one's own, twice."""

    password1 = new_password_field()
    password2 = repeated_password_field()

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", ValidationError(_("The two passwords differ."), code="different"))
        return data


class AcceptForm(ChooseForm):
    """With the letter: who it is, the code, and the new password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        error_messages={"required": _("Type the user name of the letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = code_field()
    field_order = ["username", "code", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "text"
        self.fields["code"].label = _("Code of the letter")


class UserFilterForm(forms.Form):
    STATES = (
        ("", _("All")),
        ("open", _("May sign in")),
        ("invited", _("Invited, not yet there")),
        ("no_step", _("Without a second step")),
        ("closed", _("Closed")),
    )
    q = SealedSearchField(label=_("Name, user name or e-mail"), required=False, max_length=400)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def narrow(self, people: UserQuerySet) -> UserQuerySet:
        if not self.is_valid():
            return people.none()
        return people.called(self.cleaned_data["q"]).in_state(self.cleaned_data["state"])
