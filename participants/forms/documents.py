"""The photo of a document, sent by the resident or by an officer at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.uploads import TooLargeFile

MOST_BYTES = 5 * 1024 * 1024
NOTHING = _("Please take or choose a photo first.")
TOO_LARGE = _("This photo is larger than 5 MB. Please choose a smaller size in the camera, or send a cropped photo.")


def photo_field(label: Any, **attrs: str) -> forms.FileField:
    """An empty file is refused with a sentence of our own."""
    widget = forms.ClearableFileInput(attrs={"accept": "image/*", **attrs})
    return forms.FileField(label=label, required=False, allow_empty_file=True, widget=widget)


class DocumentForm(forms.Form):
    """Two ways to the same photo: browsers of telephones open the camera, or the pictures that are there already."""

    camera = photo_field(_("Take a photo"), capture="environment")
    photo = photo_field(_("Choose a photo"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sent = cleaned.get("camera") or cleaned.get("photo")
        if isinstance(cleaned.get("camera"), TooLargeFile) or isinstance(cleaned.get("photo"), TooLargeFile):
            self.add_error("photo", forms.ValidationError(TOO_LARGE, code="photo_too_large"))
        elif sent is None or not sent.size:
            self.add_error("photo", forms.ValidationError(NOTHING, code="photo_needed"))
        else:
            cleaned["content"] = sent.read()
        return cleaned
