from participants.forms.access import RecoveryForm, RenewPinForm, StatusForm, WithdrawForm
from participants.forms.declaration import KEYS, CorrectionForm, DeclarationForm, RegistrationForm, new_submission_key
from participants.forms.drafts import ResumedForm, values_to_keep

__all__ = [
    "KEYS",
    "CorrectionForm",
    "DeclarationForm",
    "RecoveryForm",
    "RegistrationForm",
    "RenewPinForm",
    "ResumedForm",
    "StatusForm",
    "WithdrawForm",
    "new_submission_key",
    "values_to_keep",
]
