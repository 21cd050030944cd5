"""Competitions: declared, changed, shown to the public."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
