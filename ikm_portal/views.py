"""Pages that span apps."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "ikm_portal/home.html")


def workspace(request: HttpRequest) -> HttpResponse:
    return render(request, "ikm_portal/workspace.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "ikm_portal/privacy.html")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", status=403)
