"""The page before a step that nobody can take back: what will happen, the button, and the way back."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def confirmation(
    request: HttpRequest, step: str, words: str, *, of: str, back: str, fields: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """The form goes to the same address; `of` names what the step is about, `fields` are sent along unseen."""
    context = {"step": step, "words": words, "back": back, "of": of, "fields": fields}
    return render(request, "participants/confirmation.html", context)
