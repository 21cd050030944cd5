"""Jurors, their sheets and the day of the pitches."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
