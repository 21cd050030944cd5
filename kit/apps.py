from django.apps import AppConfig


class KitConfig(AppConfig):
    """No models: only the template tags and helpers that two or more apps share."""

    name = "kit"
