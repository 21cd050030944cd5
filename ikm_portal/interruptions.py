"""When the database is away or its disk is full: a page in words, which keeps what was typed and sends it again."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

WAIT_SECONDS = 30
# A form with one of these in a field's name is not repeated: it would put a secret into a page.
SECRETS = ("password", "pin", "code", "token", "otp", "secret")
LONGEST = 20_000


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """The last page of an error. An interruption that passes is told apart from a fault of the program."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    typed = typed_again(request)
    context = {"path": request.get_full_path(), "typed": typed}
    if typed:
        context["csrf_token"] = get_token(request)
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def typed_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of our own, to be sent once more; nothing where one of them may be a secret."""
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return []
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    pairs = [(name, value) for name, value in pairs if name != "csrfmiddlewaretoken"]
    if any(secret in name.lower() for name, _ in pairs for secret in SECRETS):
        return []
    return pairs if sum(len(name) + len(value) for name, value in pairs) <= LONGEST else []
