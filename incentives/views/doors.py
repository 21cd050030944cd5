"""The door of the own page, for what a resident sends to a competition."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from incentives import queries
from incentives.forms.pitches import PitchDoorForm
from kit.cookies import keep, kept
from kit.posting import form_page
from kit.throttle import allow_request, refuse
from participants.actions import open_with_pin
from participants.permissions import OWN_DOOR, OWN_DOOR_SECONDS, door_of, entries_behind, entry_behind

View = Callable[..., HttpResponse]
# Typed words wait in the page that asks who it is; files have to be chosen again.
NOT_CARRIED = {"csrfmiddlewaretoken", "code", "pin"}


def own_place(view: View) -> View:
    """The view gets the resident's place in this competition. Each step opens the door for half an hour more.

    Whoever typed longer than that is asked for number and PIN, and what was typed goes on from there.
    """

    @wraps(view)
    def opened(request: HttpRequest, competition: int, *args: Any, **kwargs: Any) -> HttpResponse:
        door = kept(request, OWN_DOOR, OWN_DOOR_SECONDS)
        if entry_behind(door) is None:
            if request.method != "POST":
                return redirect("participants:own_sign_in")
            door, answer = _asked(request)
            if answer is not None:
                return answer
        keys = list(entries_behind(door).values_list("pk", flat=True))
        place = _place_in(keys, competition)
        timezone.activate(place.competition.program.agency.zone)
        response = view(request, place, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        keep(response, OWN_DOOR, door or "", OWN_DOOR_SECONDS)
        return response

    return opened


def _place_in(registrations: list[int], competition: int) -> queries.Place:
    for place in queries.places_of(registrations):
        if place.competition.pk == competition:
            return place
    raise Http404


def _asked(request: HttpRequest) -> tuple[str, HttpResponse | None]:
    """The door that number and PIN open, or the page that asks for them."""
    is_answer = "pin" in request.POST
    form = PitchDoorForm(request.POST if is_answer else None)
    if is_answer and not allow_request(request, "status"):
        return "", refuse(request, "status")
    if is_answer and form.is_valid():
        try:
            return door_of(open_with_pin(**form.cleaned_data)), None
        except ValidationError as refusal:
            form.add_error(None, refusal)
    typed = [(name, value) for name, value in request.POST.items() if name not in NOT_CARRIED]
    return "", form_page(request, "incentives/pitch_door.html", form, typed=typed)
