"""Is the PDF that somebody holds the paper that we issued? Open to everybody who has the address on the paper."""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents.forms.signing import MOST_PAPER, CheckForm
from documents.models import Document, Signature
from documents.signing.apart import look_at_papers
from kit.posting import form_page, posted
from kit.throttle import limited
from kit.uploads import takes_files


@login_not_required
@takes_files(MOST_PAPER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("paper_check")
def verify_file(request: HttpRequest, token: str) -> HttpResponse:
    """Compares by hash, byte for byte; a file that differs is shown with the signatures that it holds."""
    editions = list(Document.objects.filter(token=token).listed().order_by("-edition"))
    document = get_object_or_404(Document.objects.filter(token=token).listed(), pk=editions[0].pk if editions else 0)
    form, result = CheckForm(posted(request), request.FILES or None), None
    if form.is_bound and form.is_valid():
        try:
            result = compared(form.cleaned_data["paper"], editions)
        except ValidationError as refusal:
            form.add_error("paper", refusal)
    return form_page(request, "documents/verify_file.html", form, document=document, result=result)


def compared(content: bytes, editions: list[Document]) -> dict[str, Any]:
    """What the file is, and what its signatures say. A known hash needs no reading; anything else is read apart."""
    digest = hashlib.sha256(content).hexdigest()
    signed = Signature.objects.filter(document__in=editions, sha256=digest).select_related("document").first()
    issued = next((one for one in editions if one.sha256 == digest), None)
    document = signed.document if signed else issued
    if document is None:
        return {"state": "other", "signatures": look_at_papers(content)[0]["signatures"]}
    if signed is not None and signed.withdrawn_at is not None:
        return {"state": "withdrawn", "document": document}
    state = "former" if document != editions[0] else "signed" if signed else "issued"
    pdf = content[:5] == b"%PDF-" and signed is not None and signed.method != "wet"
    found = look_at_papers(content)[0]["signatures"] if pdf else []
    return {"state": state, "document": document, "signatures": found, "scan": bool(signed) and not pdf}
