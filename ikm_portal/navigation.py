"""The workspace's navigation: what a person may open, in the order of a working day."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class NavEntry:
    url: str
    label: str
    icon: str
    active: bool


def staff_nav(request: HttpRequest) -> list[NavEntry]:
    return []
