"""Planning a batch. What its people have to hear of is changed one app up, in participants."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from programs import actions
from programs.forms.staff import BatchSheet
from programs.models import Batch
from programs.permissions import can_manage_batch


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_create(request: HttpRequest) -> HttpResponse:
    """The button for one more row sends the form too: nothing is judged and nothing is lost."""
    user, status = signed_in(request), 200
    sheet = BatchSheet(request.POST or None, user=user, again="add_row" in request.POST)
    if request.method == "POST" and "add_row" not in request.POST:
        if sheet.is_valid():
            try:
                batch = actions.create_batch(**sheet.values, by=user)
            except ValidationError as refusal:
                sheet.head.add_error(None, refusal)
            else:
                messages.success(request, _("The batch is planned. Publish it when everything is right."))
                return redirect("participants:batch_desk", batch.pk)
        status = 422
    return render(request, "programs/batch_create.html", {"sheet": sheet, "form": sheet.head}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows once more what residents will see, then opens the page to them."""
    user = signed_in(request)
    batch = get_object_or_404(Batch.objects.visible_to(user).with_parts(), pk=pk)
    if not can_manage_batch(user, batch):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.publish_batch(batch=batch, by=user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The batch is published. Residents can see it now."))
        return redirect("participants:batch_desk", pk)
    sessions = batch.sessions.planned().in_order().select_related("topic", "venue", "instructor")
    return render(request, "programs/batch_publish.html", {"batch": batch, "sessions": sessions})
