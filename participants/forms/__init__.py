from participants.forms.access import RecoveryForm, RenewPinForm, StatusForm, WithdrawForm
from participants.forms.declaration import CorrectionForm, DeclarationForm, RegistrationForm, new_submission_key

__all__ = [
    "CorrectionForm",
    "DeclarationForm",
    "RecoveryForm",
    "RegistrationForm",
    "RenewPinForm",
    "StatusForm",
    "WithdrawForm",
    "new_submission_key",
]
