"""Forms of people and access, by what they are about."""

from accounts.forms.invitations import AcceptForm, ChooseForm, InviteForm, InviteManyForm, UserFilterForm
from accounts.forms.sign_in import (
    AppForm,
    ChangePasswordForm,
    ConfirmCodeForm,
    ConfirmPasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    PasskeyForm,
    ProfileForm,
    ReasonForm,
    SecondStepForm,
    SignInForm,
)
from accounts.forms.trail import AuditFilterForm

__all__ = [
    "AcceptForm",
    "AppForm",
    "AuditFilterForm",
    "ChangePasswordForm",
    "ChooseForm",
    "ConfirmCodeForm",
    "ConfirmPasswordForm",
    "ForgottenPasswordForm",
    "InviteForm",
    "InviteManyForm",
    "NewPasswordForm",
    "PasskeyForm",
    "ProfileForm",
    "ReasonForm",
    "SecondStepForm",
    "SignInForm",
    "UserFilterForm",
]
