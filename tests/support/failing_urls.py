"""Addresses that fail in the ways in which programmes fail, with personal data in what the exceptions say."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.models import User
from ikm_portal.urls import handler400
from ikm_portal.urls import urlpatterns as real_patterns
from participants.models import Person

__all__ = ["handler400", "urlpatterns"]

SECRET_WORDS = ("Siti Rahasia", "9971015207990777", "0812-7777-1234", "siti.rahasia@contoh.example", "Jalan Rahasia 9")


@login_not_required
def fails(request: HttpRequest, token: str) -> HttpResponse:
    try:
        Person.objects.get(full_name=SECRET_WORDS[0])
    except Person.DoesNotExist:
        raise ValueError(f"could not read {' '.join(SECRET_WORDS)}") from None
    return HttpResponse()


@login_not_required
def refused(request: HttpRequest) -> HttpResponse:
    """PostgreSQL's DETAIL quotes the whole row that it refuses."""
    name, number, phone, email, _address = SECRET_WORDS
    User.objects.create(username=f"{name} {number}", full_name=name, phone=phone, email=email)
    return HttpResponse()


@login_not_required
def talks(request: HttpRequest) -> HttpResponse:
    logging.getLogger("participants").warning("Somebody wrote %s", " and ".join(SECRET_WORDS[1:4]))
    logging.getLogger("library").warning("I got %s from %s", *SECRET_WORDS[:2])
    logging.getLogger("django.security.DisallowedHost").error("Invalid host: %r", SECRET_WORDS[0])
    return HttpResponse()


urlpatterns = [
    path("gagal/<str:token>/", fails, name="fails"),
    path("ditolak/", refused, name="refused"),
    path("bicara/", talks, name="talks"),
    *real_patterns,
]
