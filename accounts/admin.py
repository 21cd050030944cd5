"""The administration of people and roles: every change goes through an action, nothing is deleted by hand."""

from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Agency, AuditEntry, RoleAssignment, SignInThrottle, User
from accounts.permissions import can_change_person, check_grant, holds, signed_in
from accounts.queries import managed_users, visible_entries, within_managed
from accounts.roles import Permission

# The door of the administration is the door of the portal, with its limits and its trail.
admin.site.login = login_not_required(secure_admin_login(admin.site.login))  # type: ignore[method-assign]  # the way Django documents it

# What the libraries bring along would be a way around roles and actions.
for model, brought in list(admin.site._registry.items()):
    if isinstance(brought, EmailAddressAdmin | GroupAdmin | AuthenticatorAdmin):
        admin.site.unregister(model)


def to_sign_out(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """307 keeps a press on the button a POST."""
    return HttpResponse(status=307, headers={"Location": redirect("account_logout").url})


def to_password_change(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    return redirect("account_change_password")


admin.site.logout = to_sign_out  # type: ignore[method-assign,assignment]  # one door out: the portal's own
admin.site.password_change = to_password_change  # type: ignore[method-assign,assignment]  # the portal's own page


def refusal_of(error: ValidationError | PermissionDenied) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return gettext("You do not administer all agencies of this person.")


class NeverDeleted:
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(NeverDeleted):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Agency)
class AgencyAdmin(NeverDeleted, admin.ModelAdmin):
    list_display = ["name", "short_name", "region_id", "time_zone", "is_active"]
    autocomplete_fields = ["region"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agency]:
        return within_managed(super().get_queryset(request), request.user, "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Agency | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["slug", "region", "is_active"]

    def save_model(self, request: HttpRequest, obj: Agency, form: forms.ModelForm, change: bool) -> None:
        actions.save_agency(by=signed_in(request), agency=obj, changed=form.changed_data)


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "full_name", "email", "phone", "agency", "language"]

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(User)
class UserAdmin(NeverDeleted, admin.ModelAdmin):
    form = UserForm
    list_display = ["username", "full_name", "agency", "is_active", "must_change_password", "last_login"]
    list_filter = ["is_active"]
    list_select_related = ["agency"]
    search_fields = ["username", "full_name", "email"]
    actions = ["give_temporary_password", "lift_lockouts", "deactivate", "reactivate"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return managed_users(request.user).order_by("full_name", "username")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """The list of suggestions hands over what was typed unread; PostgreSQL knows no NUL."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["username"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "agency":
            limit_to_managed(request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Only an operator makes accounts that belong to no agency."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "agency" in form.base_fields:
            form.base_fields["agency"].required = not request.user.is_superuser
        return form

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People of another agency, and one's own account, are shown but not changed here."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_change_person(signed_in(request), obj))

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        data = {name: value for name, value in form.cleaned_data.items() if name in form.changed_data}
        if change:
            actions.change_user(by=signed_in(request), user=obj, **data)
            return
        made, password = actions.create_user(by=signed_in(request), **form.cleaned_data)
        obj.__dict__.update(made.__dict__)
        self.show_once(request, made, password)

    def show_once(self, request: HttpRequest, user: User, password: str) -> None:
        text = gettext("Temporary password of %(username)s, shown only now: %(password)s")
        self.message_user(request, text % {"username": user.username, "password": password}, messages.WARNING)

    def for_each(self, request: HttpRequest, people: QuerySet[User], act: Any) -> int:
        done = 0
        for user in people:
            try:
                act(by=signed_in(request), user=user)
                done += 1
            except (ValidationError, PermissionDenied) as error:
                self.message_user(request, f"{user.username}: {refusal_of(error)}", messages.ERROR)
        return done

    def tell(self, request: HttpRequest, done: int) -> None:
        if done:
            text = ngettext("%(count)d account changed.", "%(count)d accounts changed.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)

    @admin.action(description=_("Give a temporary password"), permissions=["change"])
    def give_temporary_password(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        def act(*, by: User, user: User) -> None:
            self.show_once(request, user, actions.set_temporary_password(by=by, user=user))

        self.for_each(request, queryset, act)

    @admin.action(description=_("Lift lock-outs"), permissions=["change"])
    def lift_lockouts(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.tell(request, self.for_each(request, queryset, actions.lift_lockout))

    @admin.action(description=_("Close the accounts"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.tell(request, self.for_each(request, queryset, actions.deactivate_user))

    @admin.action(description=_("Open the accounts again"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.tell(request, self.for_each(request, queryset, actions.reactivate_user))


def limit_to_managed(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    kwargs["queryset"] = within_managed(Agency.objects.all(), request.user, "pk")


class RoleAssignmentForm(forms.ModelForm):
    by: User

    class Meta:
        model = RoleAssignment
        fields = ["user", "role", "agency", "region", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"user", "agency", "region"} <= data.keys():
            check_grant(by=self.by, user=data["user"], agency=data["agency"], region=data["region"])
        return data


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(NeverDeleted, admin.ModelAdmin):
    form = RoleAssignmentForm
    list_display = ["user", "role", "agency", "region_id", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user", "agency"]
    search_fields = ["user__username", "user__full_name"]
    autocomplete_fields = ["user", "region"]
    actions = ["revoke"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleAssignment]:
        return within_managed(super().get_queryset(request), request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role is given and taken, never rewritten: the trail would not show what it was."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "agency":
            limit_to_managed(request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": signed_in(request)})

    def save_model(self, request: HttpRequest, obj: RoleAssignment, form: forms.ModelForm, change: bool) -> None:
        obj.__dict__.update(actions.grant_role(by=signed_in(request), **form.cleaned_data).__dict__)

    @admin.action(description=_("Take these roles away"), permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[RoleAssignment]) -> None:
        for assignment in queryset:
            name = str(assignment)
            try:
                actions.revoke_role(by=signed_in(request), assignment=assignment)
                self.message_user(request, gettext("Taken away: %(role)s") % {"role": name}, messages.SUCCESS)
            except (ValidationError, PermissionDenied) as error:
                self.message_user(request, f"{name}: {refusal_of(error)}", messages.ERROR)


@admin.register(SignInThrottle)
class SignInThrottleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "label", "failures", "lockouts", "last_attempt_at", "locked_until"]
    list_filter = ["kind"]
    actions = ["lift"]

    @admin.action(description=_("Lift lock-outs"), permissions=["view"])
    def lift(self, request: HttpRequest, queryset: QuerySet[SignInThrottle]) -> None:
        for throttle in queryset:
            actions.lift_address_lockout(by=signed_in(request), throttle=throttle)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, admin.ModelAdmin):
    """For auditors who also open the administration; the page of the trail shows the same."""

    list_display = ["at", "actor_label", "action", "object_type", "object_id"]
    search_fields = ["actor_label", "action"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return visible_entries(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return holds(request.user, Permission.VIEW_AUDIT)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
