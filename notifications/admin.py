"""What administrators set up for the channels of their offices: order and quiet hours, gateway, templates."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import assignments_with, signed_in
from accounts.roles import Permission
from notifications import actions
from notifications.models import Channel, ChannelPolicy, WhatsAppGateway, WhatsAppTemplate
from notifications.texts import KINDS

PLACES = ("first", "second", "third", "fourth")
KEPT = _("Leave this empty to keep what is stored. It is never shown.")


def own(request: HttpRequest, rows: QuerySet[Any], agency: str) -> QuerySet[Any]:
    """The rows of the agencies that one administers; an operator sees all."""
    if getattr(request.user, "is_superuser", False):
        return rows
    managed = {given.agency_id for given in assignments_with(request.user, Permission.MANAGE_USERS)}
    return rows.filter(**{f"{agency}__in": managed})


class ChannelAdmin(admin.ModelAdmin):
    """Rows of one's own agencies, saved by an action. The agency of a row stays what it is."""

    list_select_related = ["agency"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return own(request, super().get_queryset(request), "agency")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.remote_field.model is Agency:
            kwargs["queryset"] = own(request, Agency.objects.all(), "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *(["agency"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.save_channel_setting(row=obj, changed=form.changed_data, by=signed_in(request))


class ChannelPolicyForm(forms.ModelForm):
    first = forms.ChoiceField(label=_("First channel"), choices=Channel.choices)
    second = forms.ChoiceField(label=_("Then"), choices=[("", "—"), *Channel.choices], required=False)
    third = forms.ChoiceField(label=_("Then"), choices=[("", "—"), *Channel.choices], required=False)
    fourth = forms.ChoiceField(label=_("Last"), choices=[("", "—"), *Channel.choices], required=False)
    at_any_hour = forms.MultipleChoiceField(
        label=_("Messages that may go out at any hour"),
        choices=lambda: list(settings.MESSAGE_KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = ChannelPolicy
        fields = ["agency", "quiet_from", "quiet_until", "email_waits", "at_any_hour", "delivery_hours"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, channel in zip(PLACES, self.instance.order, strict=False):
            self.initial[place] = channel

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        order = [cleaned[place] for place in PLACES if cleaned.get(place)]
        if len(set(order)) < len(order):
            self.add_error("second", ValidationError(_("Each channel stands once."), code="channel_twice"))
        self.instance.order = order
        return cleaned


@admin.register(ChannelPolicy)
class ChannelPolicyAdmin(ChannelAdmin):
    form = ChannelPolicyForm
    list_display = ["agency", "quiet_from", "quiet_until", "delivery_hours"]
    fieldsets = [
        (None, {"fields": ["agency"]}),
        (_("Order of the channels"), {"fields": list(PLACES)}),
        (_("Quiet hours"), {"fields": ["quiet_from", "quiet_until", "email_waits", "at_any_hour"]}),
        (_("Delivery reports"), {"fields": ["delivery_hours"]}),
    ]


class WhatsAppGatewayForm(forms.ModelForm):
    new_token = forms.CharField(label=_("access token"), required=False, max_length=1000, widget=forms.PasswordInput)
    new_secret = forms.CharField(label=_("app secret"), required=False, max_length=200, widget=forms.PasswordInput)

    class Meta:
        model = WhatsAppGateway
        fields = ["agency", "phone_number_id", "per_minute", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("new_token", "new_secret"):
            self.fields[name].required = self.instance.pk is None
            self.fields[name].help_text = KEPT if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.token = cleaned.get("new_token") or self.instance.token
        self.instance.app_secret = cleaned.get("new_secret") or self.instance.app_secret
        return cleaned


@admin.register(WhatsAppGateway)
class WhatsAppGatewayAdmin(ChannelAdmin):
    form = WhatsAppGatewayForm
    list_display = ["agency", "phone_number_id", "is_active", "paused_at", "pause_reason"]
    readonly_fields = ["paused_at", "pause_reason", "webhook", "verify_words"]
    fieldsets = [
        (None, {"fields": ["agency", "phone_number_id", "new_token", "new_secret", "per_minute", "is_active"]}),
        (_("State"), {"fields": ["paused_at", "pause_reason"]}),
        (_("To be entered at the platform"), {"fields": ["webhook", "verify_words"]}),
    ]

    @admin.display(description=_("address of the webhook"))
    def webhook(self, row: WhatsAppGateway) -> str:
        where = reverse("notifications:whatsapp_webhook", args=[row.agency.slug]) if row.pk else ""
        return f"{settings.SITE_URL}{where}" if where else "—"

    @admin.display(description=_("verify token"))
    def verify_words(self, row: WhatsAppGateway) -> str:
        return row.verify_token if row.pk else "—"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WhatsAppTemplateForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("kind"), choices=lambda: [(kind, settings.MESSAGE_KINDS.get(kind, kind)) for kind in KINDS]
    )
    parameters = SimpleArrayField(
        forms.CharField(max_length=40),
        label=_("values in their order"),
        required=False,
        help_text=_("Placeholders of the message, separated by commas, for example: nama, nomor, pelatihan"),
    )

    class Meta:
        model = WhatsAppTemplate
        fields = ["agency", "kind", "language", "name", "language_code", "parameters"]

    def clean(self) -> dict[str, Any]:
        """Only values that a message of this kind has can stand in a place of its template."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        rule = KINDS.get(cleaned.get("kind", ""))
        cleaned["parameters"] = [name.strip(" {}") for name in cleaned.get("parameters") or []]
        unknown = [name for name in cleaned["parameters"] if rule and name not in rule.known]
        if rule and unknown:
            sentence = _("This message has no %(unknown)s. It has: %(known)s.")
            told = {"unknown": ", ".join(unknown), "known": ", ".join(rule.known)}
            self.add_error("parameters", ValidationError(sentence, code="parameter_unknown", params=told))
        return cleaned


@admin.register(WhatsAppTemplate)
class WhatsAppTemplateAdmin(ChannelAdmin):
    form = WhatsAppTemplateForm
    list_display = ["kind", "language", "name", "agency"]
    list_filter = ["language"]
    actions = None

    def delete_model(self, request: HttpRequest, obj: WhatsAppTemplate) -> None:
        actions.remove_template(template=obj, by=signed_in(request))
