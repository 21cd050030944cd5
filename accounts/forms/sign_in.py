"""Forms of sign-in and of one's own account; those of the library with our words and our limits."""

from typing import Any, cast

from allauth.account import forms as library
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as factor_library
from allauth.mfa.webauthn import forms as passkey_library
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, User
from accounts.rules import step_of_code
from kit.digits import without_separators
from kit.phones import parse_phone

LONGEST_PASSWORD = 128


class SignInForm(library.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("User name or e-mail"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            max_length=LONGEST_PASSWORD,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(["login", "password"])


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_("At least 12 characters. A sentence of several words is easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def repeated_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("New password, once more"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordMixin:
    """The rules for passwords, asked with the person in mind, so that the own name is refused as well."""

    def clean_password1(self) -> str:
        form = cast("Any", self)
        password = form.cleaned_data["password1"]
        if form.user is not None and form.user.check_password(password):
            raise ValidationError(_("The new password is the old one. Please choose another."), code="same_password")
        return str(library.get_adapter().clean_password(password, user=form.user))


class ChangePasswordForm(NewPasswordMixin, library.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = forms.CharField(
            label=_("Present password"),
            max_length=LONGEST_PASSWORD,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.fields["password1"] = new_password_field()
        self.fields["password2"] = repeated_password_field()
        self.order_fields(["oldpassword", "password1", "password2"])

    def clean_oldpassword(self) -> str:
        """Guessing here counts like guessing at the door."""
        password = str(self.cleaned_data["oldpassword"])
        if not library.get_adapter().reauthenticate(self.user, password):
            raise ValidationError(_("This is not your present password."), code="wrong_password")
        return password


class NewPasswordForm(NewPasswordMixin, library.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"] = new_password_field()
        self.fields["password2"] = repeated_password_field()


class ForgottenPasswordForm(library.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("E-mail of your account"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        self.users = list(User.objects.active().filter(email=email))
        return email


class ConfirmPasswordForm(library.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            max_length=LONGEST_PASSWORD,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not library.get_adapter().reauthenticate(self.user, password):
            raise ValidationError(_("This is not your present password."), code="wrong_password")
        return password


def code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=40,
        error_messages={"required": _("Please type the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
        ),
    )


class CheckedCode:
    """One field for both: six digits are the app's, eight stand on paper."""

    def clean_code(self) -> str:
        form = cast("Any", self)
        code = str(form.cleaned_data["code"])
        form.authenticator = get_factor_adapter().check_code(form.user, code)
        form.authenticator.user = form.user
        return code


class SecondStepForm(CheckedCode, factor_library.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()


class ConfirmCodeForm(CheckedCode, factor_library.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()


class AppForm(forms.Form):
    """The first code proves that the app knows the secret; nothing to guess, so nothing is counted."""

    code = code_field()

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self) -> str:
        code = without_separators(str(self.cleaned_data["code"]))
        good = code.isascii() and step_of_code(self.secret, code, timezone.now().timestamp()) is not None
        if not good:
            raise ValidationError(
                _("This is not the code that the app shows now. Check that the clock of the phone is right."),
                code="incorrect_code",
            )
        return code


class PasskeyForm(passkey_library.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of this key"),
            required=False,
            max_length=60,
            help_text=_("So that you know it again, for example: my phone."),
        )
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Also sign in with it, without user name and password"),
            required=False,
            initial=True,
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Stands in the audit trail, for example: phone lost, reported in person."),
        error_messages={"required": _("Please give the reason.")},
    )


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "phone", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=Language.choices, widget=forms.RadioSelect
        )

    def clean_phone(self) -> str:
        text = str(self.cleaned_data["phone"]).strip()
        number = parse_phone(text) if text else ""
        if number is None:
            raise ValidationError(
                _("This phone number is not complete. Example: 0812-3456-7890."), code="phone_invalid"
            )
        return number
