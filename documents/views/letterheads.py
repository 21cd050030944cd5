"""The head of an office's papers: lines, arms, and how it will look."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from documents import actions
from documents.forms.letterheads import MOST_BYTES, LetterheadForm
from documents.forms.officials import offices_of
from documents.models import Letterhead, letterhead_of
from documents.views.officials import chosen_office
from jobs.models import StoredFile
from kit.posting import attempt, form_page, posted
from kit.uploads import takes_files


@takes_files(MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def letterhead_edit(request: HttpRequest) -> HttpResponse:
    user, agency = signed_in(request), chosen_office(request)
    letterhead = letterhead_of(agency)
    form = LetterheadForm(posted(request), request.FILES or None, letterhead=letterhead)

    def save() -> None:
        given = form.cleaned_data
        without = given.get("without_arms", False) and not given["arms"]
        actions.save_letterhead(agency=agency, values=form.values, arms=given["arms"], without_arms=without, by=user)

    if attempt(form, save):
        messages.success(request, _("Saved. Papers issued from now on have this head."))
        return redirect(f"{request.path}?kantor={agency.slug}")
    context = {"agency": agency, "letterhead": letterhead, "offices": offices_of(user)}
    return form_page(request, "documents/letterhead_edit.html", form, **context)


@require_safe
@requires(Permission.MANAGE_TEMPLATES)
def letterhead_arms(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of one version, for the page that shows it."""
    rows = Letterhead.objects.visible_to(signed_in(request)).filter(arms__isnull=False).select_related("arms")
    arms: StoredFile = get_object_or_404(rows, pk=pk).arms  # type: ignore[assignment]  # filtered above
    response = HttpResponse(arms.content(), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
