"""The rules of the house: who answers for data, the words of consent, and the way to everything else."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from accounts.permissions import assignments_with, requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, tell_refusal
from participants import actions, queries
from participants.forms.privacy import ConsentTextForm, PrivacyContactForm, PublishTextForm
from participants.models import (
    ConsentPurpose,
    ConsentText,
    Incident,
    ProcessingActivity,
    RetentionRule,
    RetentionRun,
)
from participants.views.confirming import confirmation

SEES, KEEPS = Permission.VIEW_PRIVACY, Permission.MANAGE_PRIVACY


def office(request: HttpRequest, permission: Permission = SEES) -> Agency:
    """The own office, else the first one for which the person holds it."""
    user = signed_in(request)
    held = [given.agency for given in assignments_with(user, permission)]
    if not held:
        raise Http404
    agency = next((one for one in held if one.pk == user.agency_id), held[0])
    timezone.activate(agency.zone)
    return agency


def may_keep(request: HttpRequest, agency: Agency) -> bool:
    return any(given.agency_id == agency.pk for given in assignments_with(request.user, KEEPS))


@require_safe
@never_cache
@requires(SEES)
def privacy_home(request: HttpRequest) -> HttpResponse:
    agency, now = office(request), timezone.now()
    incidents = Incident.objects.visible_to(signed_in(request)).filter(agency=agency)
    context = {
        "agency": agency,
        "texts": queries.texts_in_force(agency, now),
        "drafts": ConsentText.objects.drafts().filter(agency=agency).count(),
        "rules": RetentionRule.objects.filter(agency=agency).active().count(),
        "proposals": RetentionRun.objects.proposed().filter(rule__agency=agency).count(),
        "open_incidents": incidents.open().count(),
        "overdue_incidents": incidents.overdue(now).count(),
        "activities": ProcessingActivity.objects.filter(agency=agency, ended_at=None).count(),
        "may_keep": may_keep(request, agency),
    }
    return render(request, "participants/privacy_home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def privacy_contact(request: HttpRequest) -> HttpResponse:
    agency, by = office(request, KEEPS), signed_in(request)
    form = PrivacyContactForm.of(agency, posted(request))
    if attempt(form, lambda: actions.save_privacy_contact(agency=agency, by=by, **form.cleaned_data)):
        messages.success(request, _("Saved. It stands on the public page at once."))
        return redirect("participants:privacy_home")
    return form_page(request, "participants/privacy_contact.html", form, agency=agency)


@require_safe
@never_cache
@requires(SEES)
def consent_text_list(request: HttpRequest) -> HttpResponse:
    agency, now = office(request), timezone.now()
    texts, rows = queries.texts_in_force(agency, now), []
    own = list(ConsentText.objects.filter(agency=agency).select_related("published_by", "written_by"))
    for purpose in ConsentPurpose:
        mine = [text for text in own if text.purpose == purpose]
        begun = [text for text in mine if text.is_in_force_at(now)]
        rows.append(
            {
                "purpose": purpose,
                "words": texts[purpose],
                "said": queries.filled(texts[purpose].said, agency),
                "draft": next((text for text in mine if text.is_draft), None),
                "coming": [text for text in mine if not text.is_draft and not text.is_in_force_at(now)],
                "former": [text for text in begun if text.version != texts[purpose].version],
            }
        )
    context = {"agency": agency, "rows": rows, "may_keep": may_keep(request, agency)}
    return render(request, "participants/consent_text_list.html", context)


def _purpose(code: str) -> ConsentPurpose:
    if code not in ConsentPurpose.values:
        raise Http404
    return ConsentPurpose(code)


def _draft(agency: Agency, purpose: str) -> ConsentText | None:
    return ConsentText.objects.drafts().filter(agency=agency, purpose=purpose).first()


def _filled(words: Mapping[str, str], agency: Agency) -> dict[str, str]:
    """Both languages as residents read them."""
    return {name: queries.filled(words[name], agency) for name in ("words_id", "words_en")}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def consent_text_edit(request: HttpRequest, purpose: str) -> HttpResponse:
    """The draft in both languages; the preview shows what residents would read."""
    agency, by, wanted = office(request, KEEPS), signed_in(request), _purpose(purpose)
    draft = _draft(agency, wanted)
    words = queries.texts_in_force(agency)[wanted]
    begun = draft or words
    first = {"words_id": begun.words_id, "words_en": begun.words_en, "note": draft.note if draft else ""}
    first["revision"] = str(draft.revision) if draft else "0"
    form = ConsentTextForm(posted(request), initial=first, short=wanted != ConsentPurpose.NOTICE)
    context = {"agency": agency, "purpose": wanted, "draft": draft, "words": words}
    if request.method == "POST" and "preview" in request.POST and form.is_valid():
        context["preview"] = {
            name: queries.filled(form.cleaned_data[name], agency) for name in ("words_id", "words_en")
        }
        return form_page(request, "participants/consent_text_edit.html", form, **context)
    save = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if attempt(form, lambda: actions.save_consent_text(agency=agency, purpose=wanted, by=by, **save)):
        messages.success(request, _("The draft is kept. Residents read the former words until it is published."))
        return redirect("participants:consent_text_publish", wanted)
    context["placeholders"] = queries.placeholder_values(agency)
    return form_page(request, "participants/consent_text_edit.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def consent_text_publish(request: HttpRequest, purpose: str) -> HttpResponse:
    agency, by, wanted = office(request, KEEPS), signed_in(request), _purpose(purpose)
    draft = _draft(agency, wanted)
    if draft is None:
        return redirect("participants:consent_text_edit", wanted)
    form = PublishTextForm(posted(request), agency=agency, initial={"revision": str(draft.revision)})

    def publish() -> None:
        revision = form.cleaned_data["revision"]
        actions.publish_consent_text(text=draft, revision=revision, begins_at=form.begins_at, by=by)

    if attempt(form, publish):
        messages.success(request, _("Published. The former edition stays readable."))
        return redirect("participants:consent_text_list")
    shown = _filled(vars(draft), agency)
    context = {"agency": agency, "purpose": wanted, "draft": draft, "preview": shown}
    return form_page(request, "participants/consent_text_publish.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def consent_text_discard(request: HttpRequest, purpose: str) -> HttpResponse:
    draft = _draft(office(request, KEEPS), _purpose(purpose))
    if request.method != "POST":
        words = _("What stands in the draft is gone. The edition in force stays as it is.")
        step, back = _("Throw the draft away"), reverse("participants:consent_text_edit", args=[purpose])
        return confirmation(request, step, words, of=str(_purpose(purpose).label), back=back)
    if draft is not None:
        actions.discard_consent_text(text=draft, by=signed_in(request))
        messages.success(request, _("The draft is gone."))
    return redirect("participants:consent_text_list")


@require_POST
@requires(KEEPS)
def consent_text_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    mine = ConsentText.objects.published().filter(agency=office(request, KEEPS))
    text, by = get_object_or_404(mine, pk=pk), signed_in(request)
    if tell_refusal(request, lambda: actions.take_back_consent_text(text=text, by=by)):
        messages.success(request, _("Taken back. What holds now goes on."))
    return redirect("participants:consent_text_list")
