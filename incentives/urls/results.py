"""Results, awards and objections."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
