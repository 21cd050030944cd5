"""What changed since the juror last looked: told on the own page until it is read."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incentives import actions, queries
from incentives.models import Juror
from incentives.views.jury_doors import as_juror
from kit.posting import key_in, tell_refusal


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_juror
def jury_changes(request: HttpRequest, juror: Juror) -> HttpResponse:
    """Reading it takes a button: a page that a browser fetched ahead tells nobody anything."""
    if request.method == "POST":
        version = key_in(request.POST.get("version", ""))
        if tell_refusal(request, partial(actions.read_method, juror=juror, version=version)):
            messages.success(request, _("Thank you for reading it."))
        return redirect("incentives:jury_home")
    news = queries.news_of(juror)
    if news is None:
        return redirect("incentives:jury_home")
    context = {"juror": juror, "competition": juror.competition, "news": news}
    return render(request, "incentives/jury_changes.html", context)
