from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseBase

from regions import actions, rules
from regions.forms import RegionAliasForm
from regions.models import Region, RegionAlias, RegionEdition, RegionQuerySet


class Suggestions(AutocompleteJsonView):
    """Regions with those above them: there are dozens of villages of one name."""

    def get_queryset(self) -> QuerySet[Any]:
        found = super().get_queryset()
        return found.with_parents() if isinstance(found, RegionQuerySet) else found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        shown = {"text": obj.path} if isinstance(obj, Region) else {}
        return super().serialize_result(obj, to_field_name) | shown


def suggest(request: HttpRequest) -> HttpResponseBase:
    return Suggestions.as_view(admin_site=admin.site)(request)


admin.site.autocomplete_view = suggest  # type: ignore[method-assign,assignment]  # the only place that words them


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shown, never changed: these rows come with the official list."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    list_display = ["code", "full_name", "level", "kind", "parent", "valid_to"]
    list_display_links = ["code", "full_name"]
    list_filter = ["level", "kind"]
    list_select_related = ["parent"]
    search_fields = ["search_key"]
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Region], search_term: str
    ) -> tuple[QuerySet[Region], bool]:
        """By whole code with all inside it, else by name as everywhere: on the indexes, never a row twice."""
        if not search_term.strip() or not isinstance(queryset, RegionQuerySet):
            return queryset, False
        if code := rules.dotted_code(search_term):
            return queryset.under(code), False
        return queryset.search(search_term, limit=None), False


@admin.register(RegionAlias)
class RegionAliasAdmin(admin.ModelAdmin):
    form = RegionAliasForm
    list_display = ["name", "region", "merged", "note"]
    list_filter = ["merged"]
    list_select_related = ["region"]
    search_fields = ["name"]
    autocomplete_fields = ["region"]

    def save_model(self, request: HttpRequest, obj: RegionAlias, form: ModelForm, change: bool) -> None:
        actions.save_alias(alias=obj, by=request.user if request.user.is_authenticated else None)


@admin.register(RegionEdition)
class RegionEditionAdmin(ReadOnlyAdmin):
    list_display = ["version", "decree", "loaded_at", "added", "changed", "ended"]
