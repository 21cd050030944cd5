"""The signed key of a blank form: the same form sent twice makes one row, whatever it is about."""

import uuid

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

KEYS = TimestampSigner(salt="submission")


def new_submission_key() -> str:
    """A signed key for one blank form, so that nobody can send the key of somebody else's form."""
    return KEYS.sign(uuid.uuid4().hex)


def submission_key_of(signed: str) -> uuid.UUID | None:
    """None when the key is not one of ours."""
    try:
        return uuid.UUID(KEYS.unsign(signed))
    except (BadSignature, ValueError):
        return None


class KeyedForm(forms.Form):
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_submission_key(self) -> uuid.UUID:
        key = submission_key_of(self.cleaned_data["submission_key"])
        if key is None:
            raise ValidationError(
                _("This form had expired. Nothing is lost: please press the button again."), code="form_expired"
            )
        return key

    def refreshed_key(self) -> str:
        """The key to send with the form: the same one while it is genuine and made nothing else, else a new one."""
        if self.is_bound and self.has_error(NON_FIELD_ERRORS, "form_used"):
            return new_submission_key()
        sent = str(self.data.get("submission_key", "")) if self.is_bound else ""
        try:
            KEYS.unsign(sent)
        except BadSignature:
            return new_submission_key()
        return sent
