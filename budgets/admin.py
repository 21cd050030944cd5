"""Funds, banks and tax rules as reference data."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import limited, signed_in
from budgets import actions
from budgets.models import Bank, FundSource, TaxRule


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


class ReadOnlyAdmin(admin.ModelAdmin):
    """Lists that come along with the portal; they are looked at here and changed by nobody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Bank)
class BankAdmin(ReadOnlyAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(TaxRule)
class TaxRuleAdmin(ReadOnlyAdmin):
    list_display = ["kind", "agency", "valid", "legal_basis", "base_percent", "is_final"]
    list_filter = ["kind"]
    list_select_related = ["agency"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxRule]:
        every = super().get_queryset(request)
        own = limited(request.user, every, "agency")
        return every.filter(Q(agency=None) | Q(pk__in=own.values("pk")))
