import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from bench.minimal.forms import RegistrationForm
from bench.minimal.models import Batch, Outbox, Registration


def register(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        registration = take_seat(batch, form.cleaned_data)
        if registration is not None:
            return redirect("result", registration.token)
        form.add_error(None, "Semua kursi sudah terisi.")
    return render(request, "minimal/register.html", {"batch": batch, "form": form})


@transaction.atomic
def take_seat(batch: Batch, data: dict[str, Any]) -> Registration | None:
    values = {name: value for name, value in data.items() if name != "notice"}
    if not Batch.objects.filter(pk=batch.pk, taken__lt=F("quota")).update(taken=F("taken") + 1):
        return None
    registration = Registration.objects.create(batch=batch, **values)
    Outbox.objects.create(registration=registration, recipient=registration.email, body="Pendaftaran diterima.")
    return registration


def result(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.select_related("batch"), token=token)
    return render(request, "minimal/result.html", {"registration": registration})
