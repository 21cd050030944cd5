from participants.forms.access import RecoveryForm, RenewPinForm, StatusForm, WithdrawForm
from participants.forms.declaration import (
    KEYS,
    CorrectionForm,
    DeclarationForm,
    RegistrationForm,
    new_submission_key,
    submission_key_of,
)
from participants.forms.documents import DocumentForm
from participants.forms.drafts import ResumedForm, values_to_keep

__all__ = [
    "KEYS",
    "CorrectionForm",
    "DeclarationForm",
    "DocumentForm",
    "RecoveryForm",
    "RegistrationForm",
    "RenewPinForm",
    "ResumedForm",
    "StatusForm",
    "WithdrawForm",
    "new_submission_key",
    "submission_key_of",
    "values_to_keep",
]
