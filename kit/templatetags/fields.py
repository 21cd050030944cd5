"""The cheap way to draw a form field: all HTML of the component <c-field>.

A form of thirteen fields costs more through widget templates than the registration that it sends, so nothing here loads
a template, and every value passes `escape` once.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.dates import MONTHS
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kit.templatetags.pictures import icon

register = template.Library()

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.SelectDateWidget, "date3"),
    (forms.CheckboxSelectMultiple, "checkboxes"),  # before its own base class
    (forms.RadioSelect, "radio"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.ClearableFileInput, "file"),
)
GROUPS = {"date3", "checkboxes", "radio"}
PARTS = ("day", "month", "year")
MONTH_NUMBERS = frozenset(str(number) for number in MONTHS)


def field_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    for widget_type, kind in KINDS:
        if isinstance(widget, widget_type):
            return kind
    return getattr(widget, "input_type", "text") or "text"


@register.filter
def first_id(bound: BoundField) -> str:
    """The id that a link of the error summary jumps to: of several controls, the first."""
    kind = field_kind(bound)
    if kind == "date3":
        return f"{bound.auto_id}_day"
    return f"{bound.auto_id}_0" if kind in GROUPS else str(bound.auto_id)


@register.filter
def stem(label: str) -> str:
    """A label before a colon: without the full stop or question mark of its own."""
    return str(label).rstrip(".:?")


@dataclass
class Drawing:
    """One field with what the page says of it."""

    bound: BoundField
    kind: str
    hint: str = ""
    label: str = ""
    css: str = ""
    given: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = escape(self.bound.auto_id)
        self.name = escape(self.bound.html_name)
        self.errors = [str(error) for error in self.bound.errors]
        self.described_by = " ".join(
            [f"{self.id}_hint"] * bool(self.hint) + [f"{self.id}_error"] * bool(self.errors),
        )

    def voice(self) -> dict[str, Any]:
        return {
            "required": self.bound.field.required,
            "disabled": self.bound.field.disabled,
            "aria-invalid": "true" if self.errors else None,
            "aria-describedby": self.described_by or None,
        }

    def attrs(self) -> str:
        """What the page gives wins over the widget, the widget over the field."""
        attrs = {"id": self.bound.auto_id, "name": self.bound.html_name, **self.voice()}
        if self.kind == "number":
            attrs |= {"type": "text", "inputmode": "numeric"}
        elif self.kind not in {"select", "textarea"}:
            attrs["type"] = self.kind
        return _flat(attrs | self.bound.field.widget.attrs | self.given)

    def value(self) -> str:
        value = self.bound.field.widget.format_value(self.bound.value())
        return "" if value is None else escape(value)


def _flat(attrs: dict[str, Any]) -> str:
    pieces = []
    for name, value in attrs.items():
        if value is True:
            pieces.append(f" {name}")
        elif value is not False and value is not None and value != "":
            pieces.append(f' {name}="{escape(value)}"')
    return "".join(pieces)


@register.simple_tag
def draw_field(
    bound: BoundField, kind: str = "", hint: str = "", label: str = "", css: str = "", given: Any = None
) -> SafeString:
    kind = kind or field_kind(bound)
    extra = given.attrs_dict() if hasattr(given, "attrs_dict") else given or {}
    drawing = Drawing(bound, kind, str(hint or bound.help_text), str(label or bound.label), escape(css), extra)
    if kind == "hidden":
        return SafeString(f'<input type="hidden" name="{drawing.name}" value="{drawing.value()}">')
    state = " has-error" if drawing.errors else ""
    if kind in GROUPS:
        head = (
            f'<fieldset class="field{state}"{_flat({"id": bound.auto_id, "aria-describedby": drawing.described_by})}>'
        )
        return SafeString(f"{head}<legend>{_label(drawing)}</legend>{_help(drawing)}{_group(drawing)}</fieldset>")
    if kind == "checkbox":
        return SafeString(f'<div class="field{state}">{_errors(drawing)}{_control(drawing)}{_hint(drawing)}</div>')
    head = f'<label for="{drawing.id}">{_label(drawing)}</label>'
    return SafeString(f'<div class="field{state}">{head}{_help(drawing)}{_control(drawing)}</div>')


def _label(drawing: Drawing) -> str:
    if drawing.bound.field.required:
        return escape(drawing.label)
    optional = gettext("optional")  # on a line of its own: the collector of messages does not look into f-strings
    return f'{escape(drawing.label)} <span class="optional">({escape(optional)})</span>'


def _help(drawing: Drawing) -> str:
    return _hint(drawing) + _errors(drawing)


def _hint(drawing: Drawing) -> str:
    return f'<span class="hint" id="{drawing.id}_hint">{escape(drawing.hint)}</span>' if drawing.hint else ""


def _errors(drawing: Drawing) -> str:
    if not drawing.errors:
        return ""
    errors = escape(" ".join(drawing.errors))
    return f'<span class="error" id="{drawing.id}_error">{icon("alert-triangle")}<span>{errors}</span></span>'


def _control(drawing: Drawing) -> str:
    if drawing.kind == "checkbox":
        mark = " checked" if drawing.bound.value() else ""
        box = f'<input class="form-check-input"{drawing.attrs()}{mark}>'
        return f'<label class="choice" for="{drawing.id}">{box}<span>{escape(drawing.label)}</span></label>'
    if drawing.kind == "select":
        options = _options(_choices(drawing.bound), _chosen(drawing.bound))
        return f'<select class="form-select {drawing.css}"{drawing.attrs()}>{options}</select>'
    if drawing.kind == "textarea":
        return f'<textarea class="form-control {drawing.css}"{drawing.attrs()}>\n{drawing.value()}</textarea>'
    value = "" if drawing.kind in {"file", "password"} else f' value="{drawing.value()}"'
    return f'<input class="form-control {drawing.css}"{drawing.attrs()}{value}>'


def _choices(bound: BoundField) -> Any:
    field_with_choices: Any = bound.field
    return field_with_choices.choices


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    if isinstance(value, list | tuple | set):
        return {str(item) for item in value}
    return {"" if value is None else str(value)}


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
    pieces = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            pieces.append(f'<optgroup label="{escape(value)}">{_options(label, chosen)}</optgroup>')
        else:
            code = "" if value is None else str(value)
            mark = " selected" if code in chosen else ""
            pieces.append(f'<option value="{escape(code)}"{mark}>{escape(label)}</option>')
    return "".join(pieces)


def _group(drawing: Drawing) -> str:
    if drawing.kind == "date3":
        return _date(drawing)
    bound, chosen = drawing.bound, _chosen(drawing.bound)
    rows = []
    for index, (value, label) in enumerate(_choices(bound)):
        code = "" if value is None else str(value)
        attrs = bound.field.widget.attrs | {
            "type": "radio" if drawing.kind == "radio" else "checkbox",
            "name": bound.html_name,
            "id": f"{bound.auto_id}_{index}",
            "checked": code in chosen,
            "disabled": bound.field.disabled,
            "required": bound.field.required and drawing.kind == "radio",
        }
        box = f'<input class="form-check-input" value="{escape(code)}"{_flat(attrs)}>'
        rows.append(f'<label class="choice" for="{drawing.id}_{index}">{box}<span>{escape(label)}</span></label>')
    return f'<div class="choices {drawing.css}">{"".join(rows)}</div>'


def _date(drawing: Drawing) -> str:
    typed = date_parts(drawing.bound)
    birthday = "bday" in str(drawing.bound.field.widget.attrs.get("autocomplete", ""))
    words = {"day": gettext("Day"), "month": gettext("Month"), "year": gettext("Year")}
    cells = []
    for part in PARTS:
        attrs = drawing.voice() | {"id": f"{drawing.bound.auto_id}_{part}", "name": f"{drawing.bound.html_name}_{part}"}
        attrs["autocomplete"] = f"bday-{part}" if birthday else None
        if part == "month":
            month = typed["month"].lstrip("0")
            options = _month_options(int(month) if month in MONTH_NUMBERS else 0, get_language() or "")
            control = f'<select class="form-select"{_flat(attrs)}>{options}</select>'
        else:
            attrs |= {"inputmode": "numeric", "maxlength": 4 if part == "year" else 2}
            control = f'<input class="form-control" value="{escape(typed[part])}"{_flat(attrs)}>'
        cells.append(f'<div><label for="{drawing.id}_{part}">{escape(words[part])}</label>{control}</div>')
    return f'<div class="date3">{"".join(cells)}</div>'


def date_parts(bound: BoundField) -> dict[str, str]:
    """Day, month and year as they were typed, also when they make no date."""
    if bound.form.is_bound:
        return {part: str(bound.form.data.get(f"{bound.html_name}_{part}", "")) for part in PARTS}
    value = bound.value()
    if not isinstance(value, datetime.date):
        return dict.fromkeys(PARTS, "")
    return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}


@lru_cache(maxsize=32)
def _month_options(chosen: int, _language: str) -> str:
    return _options([("", "–"), *MONTHS.items()], {str(chosen or "")})
