from participants.forms.access import RecoveryForm, RenewPinForm, StatusForm, WithdrawForm
from participants.forms.declaration import CorrectionForm, DeclarationForm, RegistrationForm
from participants.forms.documents import DocumentForm
from participants.forms.drafts import ResumedForm, values_to_keep
from participants.forms.keys import KEYS, new_submission_key, submission_key_of

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
