"""What is typed and chosen for signing. Secrets are never shown again and never kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.signing.signers import CertificateFile, EsignService, Signer
from kit.digits import without_separators
from kit.uploads import TooLargeFile

MOST_CERTIFICATE = 256 * 1024
MOST_PAPER = 10 * 1024 * 1024
MOST_SCAN = 5 * 1024 * 1024
SECRET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def content_of(given: Any, too_large: Any) -> bytes:
    if isinstance(given, TooLargeFile):
        raise ValidationError(too_large, code="file_large")
    content: bytes = given.read()
    return content


class SigningForm(forms.Form):
    """One way to sign on the screen."""

    def signer(self) -> Signer:
        raise NotImplementedError


class CertificateForm(SigningForm):
    container = forms.FileField(
        label=_("Certificate file"),
        help_text=_("The .p12 or .pfx file of your own certificate."),
        error_messages={"required": _("Please choose the certificate file.")},
    )
    password = forms.CharField(
        label=_("Password of the file"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
        help_text=_("It is used for this signature only. Neither file nor password is kept."),
        error_messages={"required": _("Please enter the password of the file.")},
    )

    def clean_container(self) -> bytes:
        return content_of(self.cleaned_data["container"], _("This file is too large for a certificate file."))

    def signer(self) -> CertificateFile:
        return CertificateFile(self.cleaned_data["container"], self.cleaned_data["password"])

    def add_refusal(self, refusal: ValidationError) -> None:
        code = str(getattr(refusal, "code", "") or "")
        place = "password" if code == "certificate_password" else "container" if code.startswith("certif") else None
        self.add_error(place, refusal)


class ServiceForm(SigningForm):
    nik = forms.CharField(
        label=_("Your NIK"),
        max_length=30,
        widget=forms.TextInput(attrs={**SECRET, "inputmode": "numeric"}),
        help_text=_("As registered with the e-sign service. It is not kept."),
        error_messages={"required": _("Please enter your NIK.")},
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
        help_text=_("It goes to the e-sign service with this signature only, and is not kept."),
        error_messages={"required": _("Please enter the passphrase.")},
    )

    def clean_nik(self) -> str:
        nik = without_separators(self.cleaned_data["nik"])
        if len(nik) != 16 or not (nik.isascii() and nik.isdigit()):
            raise ValidationError(
                _("NIK has 16 digits. You entered %(count)d."), code="nik_length", params={"count": len(nik)}
            )
        return nik

    def signer(self) -> EsignService:
        return EsignService(self.cleaned_data["nik"], self.cleaned_data["passphrase"])

    def add_refusal(self, refusal: ValidationError) -> None:
        places = {"esign_2031": "passphrase", "esign_2011": "nik", "esign_2021": "nik"}
        self.add_error(places.get(str(getattr(refusal, "code", ""))), refusal)


class ScanForm(forms.Form):
    scan = forms.FileField(
        label=_("Scan or photo of the signed paper"),
        help_text=_("All pages as one PDF, or a sharp photo; at most 5 MB."),
        error_messages={"required": _("Please choose the scan.")},
    )

    def clean_scan(self) -> bytes:
        return content_of(
            self.cleaned_data["scan"], _("This file is larger than 5 MB. Please scan it with less detail.")
        )

    def add_refusal(self, refusal: ValidationError) -> None:
        self.add_error("scan" if getattr(refusal, "code", "") != "not_to_be_signed" else None, refusal)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong?"),
        max_length=250,
        help_text=_("For example: the scan shows another paper."),
        error_messages={"required": _("Say what was wrong.")},
    )


class CheckForm(forms.Form):
    paper = forms.FileField(
        label=_("The PDF that you have"),
        help_text=_("At most 10 MB. It is compared and forgotten at once."),
        error_messages={"required": _("Please choose the PDF."), "empty": _("This file is empty.")},
    )

    def clean_paper(self) -> bytes:
        return content_of(self.cleaned_data["paper"], _("This file is larger than 10 MB; no paper of ours is."))
