"""Reference data of the programmes. Batches are shown here; what happens to them is done at the desk, by actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import limited, signed_in
from budgets.models import FundSource
from programs import actions
from programs.models import (
    Batch,
    EligibilityRule,
    Program,
    TargetGroup,
    Topic,
)

ID_CARD = [("id_card", _("Address on the identity card")), ("letter", _("Letter of domicile counts too"))]


class ReferenceAdmin(admin.ModelAdmin):
    """Rows of one's own agencies, saved by an action, never deleted."""

    list_filter = ["agency"]
    list_select_related = ["agency"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return limited(request.user, super().get_queryset(request), "agency")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.remote_field.model
        if related is Agency:
            kwargs["queryset"] = limited(request.user, Agency.objects.all(), "pk")
        elif related is FundSource:
            kwargs["queryset"] = limited(request.user, FundSource.objects.all(), "agency")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.remote_field.model is Topic:
            kwargs["queryset"] = limited(request.user, Topic.objects.all(), "agency")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.save_reference(row=obj, changed=form.changed_data, by=signed_in(request))


@admin.register(Topic)
class TopicAdmin(ReferenceAdmin):
    list_display = ["name", "name_en", "agency"]
    search_fields = ["name", "name_en"]


class EligibilityRuleForm(forms.ModelForm):
    values = forms.MultipleChoiceField(
        label=_("What counts"),
        required=False,
        choices=[(_("Address"), ID_CARD), (_("Target groups"), TargetGroup.choices)],
        help_text=_("For the address and for target groups; age has bounds instead."),
    )

    class Meta:
        model = EligibilityRule
        fields = ["position", "kind", "minimum", "maximum", "values", "blocking", "legal_basis"]


class EligibilityRuleInline(admin.TabularInline):
    model = EligibilityRule
    form = EligibilityRuleForm
    extra = 0


@admin.register(Program)
class ProgramAdmin(ReferenceAdmin):
    list_display = ["name", "state", "fund_source", "agency"]
    list_filter = ["state", "agency"]
    list_select_related = ["agency", "fund_source"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [EligibilityRuleInline]
    exclude = ["selection_method", "business_list", "business_kinds", "one_per_household", "budget_lines"]

    def get_readonly_fields(self, request: HttpRequest, obj: Program | None = None) -> list[str]:
        """The fund stays as long as lines of it pay for the programme."""
        return ["fund_source"] if obj and obj.budget_lines.exists() else []

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        kept = formset.save(commit=False)
        if kept or formset.deleted_objects:
            by = signed_in(request)
            actions.keep_rules(program=form.instance, rules=kept, removed=formset.deleted_objects, by=by)


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    list_display = ["name", "region", "program", "state", "quota", "seats_held", "waiting_count"]
    list_filter = ["state"]
    list_select_related = ["region", "program"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return limited(request.user, super().get_queryset(request), "program__agency")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
