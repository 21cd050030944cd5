"""Entries: sent by phone, checked, put in order."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
