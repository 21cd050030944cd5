from typing import Any

from django import forms
from django.utils.translation import gettext as _

from regions import rules
from regions.models import RegionAlias


class RegionAliasForm(forms.ModelForm):
    class Meta:
        model = RegionAlias
        fields = ["region", "name", "merged", "note"]

    def clean(self) -> dict[str, Any]:
        """The key is not a field of the form, so what is unique or empty about it is checked here."""
        data = super().clean() or {}
        key = rules.normalise_name(data.get("name", ""))
        if "name" in data and not key:
            self.add_error("name", _("The other name needs at least one letter or digit."))
        same = RegionAlias.objects.filter(region=data.get("region"), search_key=key).exclude(pk=self.instance.pk)
        if key and data.get("region") and same.exists():
            self.add_error("name", _("This region already has this other name."))
        return data
