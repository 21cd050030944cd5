"""The office changes what its papers say and how they look. Nothing is overwritten: each change is a new version."""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.permissions import holds
from accounts.roles import Permission
from documents.kinds import PaperKind
from documents.models import TemplateVersion
from documents.queries import Wording, fault_in_words, sample_order, template_of
from documents.rules import faults_of_block
from documents.typesetting import LayoutFault, Typesetter
from kit.refusals import spoken_refusals

LONGEST_BLOCK = 8000
LONGEST_LAYOUT = 60_000


@transaction.atomic
def save_template(
    *, agency: Agency, kind: PaperKind, wording: Wording, based_on: int, by: User
) -> TemplateVersion | None:
    """A new version in force, once it sets a whole sample; what would not leaves the last good one in force.

    `based_on` is the version that was seen (0: the standard). None when nothing differs.
    """
    _require(agency, by, Permission.MANAGE_TEMPLATES)
    now = template_of(agency, kind)
    new = wording.tidy_for(kind)
    if new.layout != (now.layout if now else ""):
        _require(agency, by, Permission.EDIT_LAYOUTS)
    if new == _wording_of(now):
        return None
    check_template(agency=agency, kind=kind, wording=new, by=by)
    return _add(agency, kind, new, based_on, by)


@transaction.atomic
def restore_template(*, version: TemplateVersion, by: User) -> TemplateVersion | None:
    """A former version is in force again, as a new one; today's rules count. Its layout comes along."""
    kind = version.paper
    if kind is None:
        raise ValidationError(_("This kind of paper no longer exists."), code="kind_gone")
    now = template_of(version.agency, kind)
    return save_template(
        agency=version.agency, kind=kind, wording=_wording_of(version), based_on=now.version if now else 0, by=by
    )


@transaction.atomic
def check_template(*, agency: Agency, kind: PaperKind, wording: Wording, by: User) -> None:
    """Refuses with the field and the line of each fault: placeholders first, then a sample that is really set."""
    refused: dict[str, list[str]] = {}
    for block in kind.blocks:
        text = wording.blocks.get(block.code, block.default)
        found = [_told(fault) for fault in faults_of_block(text, kind.known, block.required)]
        if not text.strip() and not block.may_be_empty:
            found.append(_("This text may not be empty."))
        if len(text) > LONGEST_BLOCK:
            found.append(_("This text is longer than %(most)d characters.") % {"most": LONGEST_BLOCK})
        found += [str(why) for word, why in kind.forbidden.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
        if found:
            refused[f"block_{block.code}"] = found
    if len(wording.layout) > LONGEST_LAYOUT:
        refused["layout"] = [_("The layout is longer than %(most)d characters.") % {"most": LONGEST_LAYOUT}]
    if refused:
        raise ValidationError(refused)
    try:
        with Typesetter() as typesetter:
            typesetter.pdf(sample_order(agency, kind, wording))
    except LayoutFault as fault:
        raise ValidationError({"layout": [fault_in_words(fault)]}, code="layout_fault") from fault


def _told(fault: tuple[str, int, str, str]) -> str:
    code, line, typed, meant = fault
    if code == "placeholder_missing":
        return _("This text needs %(typed)s.") % {"typed": typed}
    values = {"line": line, "typed": typed, "meant": f"{{{meant}}}"}
    if meant:
        return _("Line %(line)d: %(typed)s is no placeholder of this paper. Did you mean %(meant)s?") % values
    return _("Line %(line)d: %(typed)s is no placeholder of this paper.") % values


def _wording_of(version: TemplateVersion | None) -> Wording:
    if version is None:
        return Wording({})
    return Wording(version.blocks, version.paper_size, version.with_letterhead, version.layout)


def _add(agency: Agency, kind: PaperKind, wording: Wording, based_on: int, by: User) -> TemplateVersion:
    """The constraint on the number of the version settles who was first of two who saved at once."""
    mine = TemplateVersion.objects.filter(agency=agency, kind=kind.code)
    with spoken_refusals(TemplateVersion):
        if not mine.filter(is_current=True, version=based_on).update(is_current=False) and based_on:
            raise ValidationError(
                _("Somebody else changed this template in the meantime. Please look at it again."),
                code="template_changed",
            )
        version = TemplateVersion.objects.create(
            agency=agency,
            kind=kind.code,
            version=based_on + 1,
            blocks=dict(wording.blocks),
            paper_size=wording.paper_size,
            with_letterhead=wording.with_letterhead,
            layout=wording.layout,
            edited_by=by,
        )
    changes = {"kind": kind.code, "version": version.version, "blocks": sorted(wording.blocks)}
    record(action="paper.template_changed", by=by, target=version, agency=agency, changes=changes)
    return version


def _require(agency: Agency, by: User, permission: Permission) -> None:
    if not holds(by, permission, agency.pk, agency.region_id):
        raise PermissionDenied
