"""One person's file, and finding it without knowing an entry."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from kit.identity import show_temporary
from kit.pages import Found, find
from kit.posting import attempt, form_page, posted, require
from participants import actions, queries
from participants.forms.persons import PersonFilterForm, PersonFindForm, RealNumberForm
from participants.models import Person, PersonMerge, PersonPair
from participants.permissions import can_merge_persons, can_number_person

SEES = Permission.VIEW_REGISTRATIONS
READS_TRAIL = (Permission.VIEW_AUDIT, Permission.MANAGE_DATA_REQUESTS)
TRAIL_LINES = 50


def visible_person(request: HttpRequest, pk: int) -> Person:
    persons = Person.objects.visible_to(signed_in(request)).select_related("agency", "region__parent", "verified_by")
    return get_object_or_404(persons.filter(anonymised_at__isnull=True), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def person_search(request: HttpRequest) -> HttpResponse:
    """By POST to here, then by GET with what may stand in an address; without a question nobody is listed."""
    if request.method == "POST":
        return _to_result(request)
    form = PersonFilterForm(request.GET)
    seen = Person.objects.visible_to(signed_in(request)).filter(anonymised_at__isnull=True)
    shown = seen.select_related("region").defer("nik")
    found = find(Person.objects.all(), shown, form.narrow) if form.wanted else Found[Person]([], more=False)
    return render(
        request, "participants/person_search.html", {"form": form, "found": found, "asked": bool(form.wanted)}
    )


def _to_result(request: HttpRequest) -> HttpResponse:
    form, query = PersonFindForm(request.POST), QueryDict(mutable=True)
    if form.is_valid():
        query.update(form.address_query)
    else:
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(f"{reverse('participants:person_search')}?{query.urlencode()}")


@require_safe
@never_cache
@requires(SEES)
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that hangs on the card, and who did what with it."""
    person, user = visible_person(request, pk), signed_in(request)
    entries = list(queries.entries_of_subject(person))
    reads_trail = any(holds(user, permission, agency_id=person.agency_id) for permission in READS_TRAIL)
    pairs = PersonPair.objects.visible_to(user).about(person).with_cards().exclude(decision="different")
    context = {
        "person": person,
        "temporary_number": show_temporary(person.nik) if person.is_temporary else "",
        "entries": entries,
        "pairs": [(pair, pair.second if pair.first_id == person.pk else pair.first) for pair in pairs],
        "merges": PersonMerge.objects.visible_to(user).about(person.pk).order_by("-pk"),
        "job_cards": person.job_cards.order_by("-pk"),
        "requests": queries.requests_of(person),
        "trail": queries.trail_of(person, TRAIL_LINES) if reads_trail else None,
        "may_merge": can_merge_persons(user, person),
        "may_number": can_number_person(user, person),
    }
    return render(request, "participants/person_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VERIFY_REGISTRATIONS)
def person_number(request: HttpRequest, pk: int) -> HttpResponse:
    """The NIK in place of the temporary number, or a proposal to merge when it is on file already."""
    person, by = visible_person(request, pk), signed_in(request)
    require(can_number_person(by, person))
    form = RealNumberForm(posted(request))
    merges: list[PersonMerge | None] = []
    merging = can_merge_persons(by, person)
    if attempt(form, lambda: merges.append(actions.give_number(person=person, by=by, **form.cleaned_data))):
        if merges[0] is not None:
            messages.info(request, _("This NIK is on file already. A merge of the two cards was proposed."))
            return redirect("participants:merge_detail", merges[0].pk) if merging else redirect(person)
        messages.success(request, _("The NIK stands in place of the temporary number now."))
        return redirect(person)
    return form_page(request, "participants/person_number.html", form, person=person)
