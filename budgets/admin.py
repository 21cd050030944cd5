"""Funds as reference data."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import limited, signed_in
from budgets import actions
from budgets.models import FundSource


@admin.register(FundSource)
class FundSourceAdmin(admin.ModelAdmin):
    list_display = ["name", "year", "code", "agency"]
    list_filter = ["agency"]
    list_select_related = ["agency"]
    search_fields = ["name", "code"]

    @admin.display(description=_("fiscal year"), ordering="fiscal_year")
    def year(self, row: FundSource) -> str:
        return str(row.fiscal_year)  # a year has no thousands separator

    def get_queryset(self, request: HttpRequest) -> QuerySet[FundSource]:
        return limited(request.user, super().get_queryset(request), "agency")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.remote_field.model is Agency:
            kwargs["queryset"] = limited(request.user, Agency.objects.all(), "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: FundSource, form: Any, change: bool) -> None:
        actions.save_fund(fund=obj, changed=form.changed_data, by=signed_in(request))
