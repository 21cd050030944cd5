"""What a visitor may ask before registering."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Batch, TargetGroup
from programs.rules import Facts
from regions.models import Region
from regions.rules import city_of

LENGTH_OF_CITY = 5


class EligibilityForm(forms.Form):
    """The few facts that the rules of a programme look at; nothing of it is kept."""

    birth_date = forms.DateField(
        label=_("Birth date"),
        widget=forms.SelectDateWidget(years=range(1900, 2101), attrs={"autocomplete": "bday"}),
        error_messages={
            "required": _("Please fill in day, month and year."),
            "invalid": _("This date does not exist."),
        },
    )
    region = forms.ChoiceField(label=_("Urban village on the identity card"), required=False)
    target_group = forms.ChoiceField(label=_("You belong to"), required=False)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {rule.kind: rule for rule in batch.program.requirements()}
        if "domicile" in kinds:
            around, elsewhere = Region.objects.current().under(city_of(batch.region_id)), _("Another city or regency")
            if len(batch.region_id) < LENGTH_OF_CITY:  # a province has thousands of villages: its cities say enough
                self.fields["region"].label = _("City or regency on the identity card")
                around, elsewhere = around.cities(), _("Another province")
            else:
                around = around.villages()
            names = [(place.code, place.name) for place in around.order_by("name")]
            choices: list[Any] = [("", _("Choose …")), *names, ("elsewhere", elsewhere)]
            cast(forms.ChoiceField, self.fields["region"]).choices = choices
        else:
            del self.fields["region"]
        if "target_group" in kinds:
            cast(forms.ChoiceField, self.fields["target_group"]).choices = [("", _("Choose …")), *TargetGroup.choices]
        else:
            del self.fields["target_group"]
        if "age" not in kinds:
            del self.fields["birth_date"]

    @property
    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(
            birth_date=data.get("birth_date"),
            region_code=data.get("region") or None,
            target_group=data.get("target_group") or None,
        )
