"""Fields that the forms of several apps ask for."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

NO_DAY = _("This date does not exist.")
REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the list.")}


class DayField(forms.DateField):
    """A day that an office plans.

    A year of one digit is a slip of the finger, and time zones break at both ends of time.
    """

    first, last = date(2000, 1, 1), date(2100, 12, 31)
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"error_messages": {**REQUIRED, "invalid": NO_DAY}, **kwargs})
        self.validators += [MinValueValidator(self.first, NO_DAY), MaxValueValidator(self.last, NO_DAY)]


class ClockField(forms.TimeField):
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def __init__(self, **kwargs: Any) -> None:
        messages = {**REQUIRED, "invalid": _("Please write the time like 08:00.")}
        super().__init__(**{"error_messages": messages, **kwargs})
