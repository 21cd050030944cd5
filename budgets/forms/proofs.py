from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from budgets.models import Payment
from kit.scans import Scan, sent_scan
from kit.templatetags.kit import rupiah

ASKED = _("Choose the payments that this proof shows.")


class PaymentsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Payment) -> str:
        return f"{obj.payee_name}, {rupiah(obj.net or 0)}"


class ProofForm(forms.Form):
    """One scan, and the payments that it shows."""

    payment = PaymentsField(
        Payment.objects.none(),
        label=_("Payments on this proof"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": ASKED, "invalid_choice": ASKED, "invalid_pk_value": ASKED},
    )
    file = forms.FileField(
        label=_("Photo or PDF of the proof"),
        help_text=_("At most 5 MB. What the bank gave: a slip, or the report of the whole transfer list."),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: object, payments: "QuerySet[Payment]", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own form takes them
        self.fields["payment"].queryset = payments  # type: ignore[attr-defined]  # a field of models
        self.fields["payment"].initial = list(payments)

    def clean_file(self) -> Scan:
        return sent_scan(self.cleaned_data["file"])


class ProofWithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong?"), max_length=250, error_messages={"required": _("Say what was wrong.")}
    )
