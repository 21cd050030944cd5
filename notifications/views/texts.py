"""The texts of messages: what the office says in its own words, with a preview beside the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, Language
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from notifications import actions, texts
from notifications.forms import TextForm
from notifications.models import MessageText, agencies_with_texts_of
from notifications.rules import Wording, differences

LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class TextRow:
    kind: str
    label: str
    own: dict[str, MessageText]

    @property
    def is_one_sided(self) -> bool:
        return len(self.own) == 1


@dataclass(frozen=True)
class Preview:
    """One language as a reader sees it."""

    language: str
    label: str
    words: Wording
    changed: list[tuple[str, str]]

    @property
    def length(self) -> int:
        return len(self.words.body)

    @property
    def is_too_long(self) -> bool:
        return self.length > texts.WHATSAPP_LIMIT


@require_safe
@requires(Permission.MANAGE_TEXTS)
def text_list(request: HttpRequest) -> HttpResponse:
    agencies = agencies_with_texts_of(request.user)
    agency = next((one for one in agencies if one.slug == request.GET.get("kantor")), agencies[0] if agencies else None)
    if agency is None:
        raise Http404
    current = MessageText.objects.in_force(agency).exclude(body="").select_related("edited_by")
    own: dict[str, dict[str, MessageText]] = {kind: {} for kind in texts.KINDS}
    for text in current:
        own.setdefault(text.kind, {})[text.language] = text
    rows = [TextRow(kind, str(settings.MESSAGE_KINDS[kind]), own[kind]) for kind in texts.KINDS]
    tabs = [(one, one == agency) for one in agencies]
    return render(request, "notifications/text_list.html", {"agency": agency, "agencies": tabs, "rows": rows})


def _office(request: HttpRequest, slug: str, kind: str) -> Agency:
    agency = next((one for one in agencies_with_texts_of(request.user) if one.slug == slug), None)
    if agency is None or kind not in texts.KINDS:
        raise Http404
    return agency


def _current(agency: Agency, kind: str) -> dict[str, MessageText]:
    found = MessageText.objects.in_force(agency).filter(kind=kind).select_related("edited_by").order_by("-language")
    return {text.language: text for text in found}


def _initial(kind: str, current: Mapping[str, MessageText]) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for language in LANGUAGES:
        text = current.get(language)
        wording = text.wording if text and not text.is_standard else texts.outline(kind, language)
        version = text.version if text else 0
        initial |= {f"subject_{language}": wording.subject, f"body_{language}": wording.body}
        initial[f"based_on_{language}"] = version
    return initial


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEXTS)
def text_edit(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Saves, or shows the preview of what is typed, or sends it as a sample to the officer."""
    agency = _office(request, slug, kind)
    current = _current(agency, kind)
    form = TextForm(request.POST if request.method == "POST" else None, kind=kind, initial=_initial(kind, current))
    saving = form.is_bound and "preview" not in request.POST
    if saving and form.is_valid() and _done(request, agency, form):
        return redirect("notifications:text_edit", slug, kind)
    status = 422 if saving and form.errors else 200
    context = {"form": form, "current": current, **_page(agency, kind, form.wordings)}
    return render(request, "notifications/text_edit.html", context, status=status)


def _page(agency: Agency, kind: str, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    previews = []
    for language, typed in wordings.items():
        shown = texts.preview(typed, kind, language, agency)
        changed = differences("\n".join(texts.outline(kind, language)), "\n".join(typed))
        own = changed if any(sign != " " for sign, _line in changed) else []
        previews.append(Preview(language, str(Language(language).label), shown, own))
    rule = texts.KINDS[kind]
    known = [(name, texts.PLACEHOLDERS[name].meaning, name in rule.required) for name in rule.known]
    return {
        "agency": agency,
        "kind": kind,
        "kind_label": settings.MESSAGE_KINDS[kind],
        "previews": previews,
        "known": sorted(known, key=lambda one: not one[2]),
        "whatsapp_limit": texts.WHATSAPP_LIMIT,
        "one_sided": len([preview for preview in previews if preview.changed]) == 1,
    }


def _done(request: HttpRequest, agency: Agency, form: TextForm) -> bool:
    """Whether the texts were saved. A sample leaves the page as it is, with what is typed."""
    by, language = signed_in(request), request.POST.get("sample")
    try:
        if language in LANGUAGES:
            wording = form.wordings[language]
            actions.send_sample(agency=agency, kind=form.kind, language=language, wording=wording, by=by)
            messages.success(request, _("The sample was sent to %(email)s.") % {"email": by.email})
            return False
        saved = actions.save_texts(agency=agency, kind=form.kind, wordings=form.wordings, based_on=form.based_on, by=by)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    if saved:
        messages.success(request, _("Saved. Messages written from now on use this text."))
    else:
        messages.info(request, _("Nothing was changed."))
    return True


@require_POST
@requires(Permission.MANAGE_TEXTS)
def text_reset(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    agency = _office(request, slug, kind)
    language = request.POST.get("language", "")
    text = _current(agency, kind).get(language)
    try:
        actions.reset_text(
            agency=agency, kind=kind, language=language, based_on=text.version if text else 0, by=signed_in(request)
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(
            request, _("The standard text is in force again. Your own text is kept under former versions.")
        )
    return redirect("notifications:text_edit", slug, kind)


@require_safe
@requires(Permission.MANAGE_TEXTS)
def text_history(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    agency = _office(request, slug, kind)
    versions = list(MessageText.objects.versions(agency, kind))
    standard = {language: texts.outline(kind, language) for language in LANGUAGES}
    rows = [
        (text, text.wording if not text.is_standard else standard[text.language], standard[text.language])
        for text in versions
    ]
    shown = [(text, words, differences("\n".join(plain), "\n".join(words))) for text, words, plain in rows]
    context = {"agency": agency, "kind": kind, "kind_label": settings.MESSAGE_KINDS[kind], "versions": shown}
    return render(request, "notifications/text_history.html", context)


@require_POST
@requires(Permission.MANAGE_TEXTS)
def text_restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = MessageText.objects.visible_to(request.user).select_related("agency")
    text = get_object_or_404(found, pk=pk)
    try:
        actions.restore_text(text=text, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Version %(number)d is in force again.") % {"number": text.version})
    return redirect("notifications:text_edit", text.agency.slug, text.kind)
