"""What stands around every page of the workspace."""

from collections.abc import Mapping

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kit.skeletons import spliced

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_header(context: RequestContext) -> SafeString:
    """Name, navigation and account, once for the thumb and once for the desk.

    Drawn once for each role, office, language and place in the navigation; what is the visitor's own is spliced in.
    """
    user, entries, agency = context["user"], context["staff_nav"], context["portal_agency"]
    role, office = str(context["staff_role"]), (agency.short_name or agency.name) if agency else ""
    own = {
        "name": user.full_name or user.username,
        "token": str(context["csrf_token"]),
        "here": context["request"].get_full_path(),
    }
    start = reverse("workspace")
    key = ("staff_header", get_language(), start, role, office, tuple((one.url, one.active) for one in entries))

    def draw(stand_in: Mapping[str, str]) -> str:
        shown = {
            "target": start,
            "staff_nav": entries,
            "staff_role": role,
            "portal_agency": agency,
            "user": {"full_name": stand_in["name"]},
            "csrf_token": stand_in["token"],
            "request": {"get_full_path": stand_in["here"]},
        }
        return render_to_string("kit/staff_header.html", shown)

    return spliced(key, draw, own)
