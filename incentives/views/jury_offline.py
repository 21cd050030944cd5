"""The pages of a juror without network: what a phone keeps of them, how long, and the script that gives it back."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from incentives.models import Competition, Juror
from incentives.queries.own_sheets import OwnSheet
from incentives.rules.jury import pages_until
from incentives.views.jury_doors import device_mark
from kit.shells import weighed

SCRIPTS = ("js/portal.js", "js/jury-store.js", "js/jury-keep.js", "js/jury-home.js", "js/jury-sheet.js")
STYLES = ("vendor/bootstrap/bootstrap.min.css", "css/theme.css", "css/portal.css", "css/jury.css")
PICTURES = ("img/icons.svg", "img/mark.svg", "img/tumpal.svg", "img/kawung.svg")
PARTS = (*STYLES, *SCRIPTS, *PICTURES)
WORKER = ("js/jury-store.js", "js/jury-worker.js")


@lru_cache(maxsize=8)
def shell_version(language: str, _static_url: str) -> str:
    folder = settings.BASE_DIR / "templates"
    of_jurors = sorted(folder.glob("incentives/jury_*.html")) + sorted(folder.glob("incentives/parts/*.html"))
    names = ["base.html", "incentives/base_jury.html", *(str(path.relative_to(folder)) for path in of_jurors)]
    return weighed(language, templates=names, statics=(*PARTS, *WORKER))


def version() -> str:
    return shell_version(get_language() or settings.LANGUAGE_CODE, settings.STATIC_URL)


def kept_pages(juror: Juror, sheets: Sequence[OwnSheet]) -> dict[str, Any]:
    """What the list tells the browser: whose pages, until when, and which ones with what they look like now.

    Only what is still to be scored and would open; nothing once the result is locked.
    """
    competition = juror.competition
    open_ones = [one for one in sheets if one.sheet.is_open] if juror.declared_at and not _is_over(competition) else []
    before_all = [one for one in open_ones if one.sheet.entry.is_training]
    order = ",".join(str(one.sheet.pk) for one in sheets)
    return {
        "mark": device_mark(juror),
        "until": 0 if not open_ones else _millis(pages_until(competition.held_on, _now(competition))),
        "version": version(),
        "worker": reverse("incentives:jury_worker"),
        "home": reverse("incentives:jury_home"),
        "pages": {
            reverse("incentives:jury_sheet", args=[one.sheet.pk]): _looks(one, juror, order)
            for one in before_all or open_ones
        },
        "open": len(open_ones),
    }


def _is_over(competition: Competition) -> bool:
    return competition.locked_at is not None or competition.state != Competition.State.DECLARED


def _now(competition: Competition) -> datetime:
    return timezone.now().astimezone(competition.program.agency.zone)


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _looks(one: OwnSheet, juror: Juror, order: str) -> str:
    """Another one as soon as the page would read otherwise."""
    sheet, edition = one.sheet, juror.competition.edition
    parts = (
        sheet.revision,
        sheet.state,
        edition.pk if edition else 0,
        sheet.entry.checked_at,
        one.name,
        one.sub,
        order,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@login_not_required
@require_safe
def jury_worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its address bounds it to the pages of jurors. Nothing of anybody stands in it."""
    shell = {
        "version": version(),
        "lost": reverse("incentives:jury_lost"),
        "parts": [static(name) for name in PARTS],
    }
    imported = ", ".join(json.dumps(static(name)) for name in WORKER)
    text = f"self.SHELL = {json.dumps(shell)};\nimportScripts({imported});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-store"})


@login_not_required
@require_safe
def jury_lost(request: HttpRequest) -> HttpResponse:
    """In the place of a page that is not kept, while there is no network."""
    return render(request, "incentives/jury_lost.html")
