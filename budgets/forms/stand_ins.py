"""Who takes over a duty for a time."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import assignments_with
from accounts.roles import GRANTS, Permission
from budgets.forms.payments import CHOOSE, day_field
from budgets.models import StandIn

REQUIRED = {"required": _("Please fill this in.")}


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


def own_duties(user: User) -> list[tuple[str, str]]:
    """The duties that the user has and may hand to somebody."""
    duties = StandIn.Duty
    return [(code, str(said)) for code, said in duties.choices if assignments_with(user, Permission(code))]


class StandInForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Office"), error_messages=CHOOSE)
    duty = forms.ChoiceField(label=_("What for"), error_messages=CHOOSE)
    substitute = ColleagueField(
        User.objects.none(), label=_("Stand-in"), empty_label=_("Choose …"), error_messages=CHOOSE
    )
    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"))
    document = forms.CharField(label=_("Number of the letter"), max_length=120, error_messages=REQUIRED)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        duties = own_duties(user)
        given = [row for code, _said in duties for row in assignments_with(user, Permission(code))]
        offices = Agency.objects.filter(pk__in={row.agency_id for row in given})
        cast(forms.ModelChoiceField, self.fields["agency"]).queryset = offices
        cast(forms.ChoiceField, self.fields["duty"]).choices = duties
        cast(forms.ModelChoiceField, self.fields["substitute"]).queryset = colleagues(user, list(offices))
        self.only = next(iter(offices)) if len(offices) == 1 else None
        if self.only is not None:
            del self.fields["agency"]

    @property
    def period(self) -> StandIn:
        """What the fields say, not saved yet."""
        given = dict(self.cleaned_data)
        agency = given.pop("agency", None) or self.only
        return StandIn(agency=agency, absent=self.user, **given)


def colleagues(user: User, offices: list[Agency]) -> Any:
    """Who sees the budgets of these offices, without the one who is away."""
    roles = [role for role, granted in GRANTS.items() if Permission.VIEW_BUDGETS in granted]
    found = User.objects.filter(role_assignments__role__in=roles, role_assignments__agency__in=offices, is_active=True)
    return found.exclude(pk=user.pk).distinct().order_by("full_name")
