from participants.forms.access import RecoveryForm, RenewPinForm, StatusForm, WithdrawForm
from participants.forms.declaration import CorrectionForm, DeclarationForm, RegistrationForm
from participants.forms.documents import DocumentForm
from participants.forms.drafts import ResumedForm, values_to_keep

__all__ = [
    "CorrectionForm",
    "DeclarationForm",
    "DocumentForm",
    "RecoveryForm",
    "RegistrationForm",
    "RenewPinForm",
    "ResumedForm",
    "StatusForm",
    "WithdrawForm",
    "values_to_keep",
]
