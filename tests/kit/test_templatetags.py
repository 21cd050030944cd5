import datetime
import re
import zoneinfo
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template import engines
from django.utils import timezone, translation

from kit.templatetags import kit
from kit.templatetags.fields import draw_field, first_id

WIB = zoneinfo.ZoneInfo("Asia/Jakarta")
MORNING = datetime.datetime(2024, 7, 2, 1, 0, tzinfo=datetime.UTC)
NOON = datetime.datetime(2024, 7, 2, 5, 0, tzinfo=datetime.UTC)


class PersonForm(forms.Form):
    nik = forms.CharField(label="NIK", help_text="16 digits", max_length=16)
    birth_date = forms.DateField(label="Born", widget=forms.SelectDateWidget)
    sex = forms.ChoiceField(label="Sex", choices=[("female", "Woman"), ("male", "Man")], widget=forms.RadioSelect)
    school = forms.ChoiceField(label="School", choices=[("", "Choose"), ("sd", "SD"), ("smp", "SMP")], required=False)
    needs = forms.CharField(label="Needs", widget=forms.Textarea, required=False)
    consent = forms.BooleanField(label="I agree.")


def sent(text: str) -> PersonForm:
    form = PersonForm(QueryDict(text))
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("id", 2_400_000, "Rp2.400.000"),
        ("en", 2_400_000, "Rp2,400,000"),
        ("id", 0, "Rp0"),
        ("id", -1_500, "-Rp1.500"),
        ("id", None, ""),
        ("id", "", ""),
    ],
)
def test_rupiah_follows_the_language(language: str, value: object, written: str) -> None:
    with translation.override(language):
        assert kit.rupiah(value) == written


@pytest.mark.parametrize(
    ("language", "long_form", "day_form"),
    [("id", "Selasa, 2 Juli 2024", "2 Juli 2024"), ("en", "Tuesday, 2 July 2024", "2 July 2024")],
)
def test_long_date_follows_the_language(language: str, long_form: str, day_form: str) -> None:
    with translation.override(language):
        assert kit.long_date(datetime.date(2024, 7, 2)) == long_form
        assert kit.day_date(datetime.date(2024, 7, 2)) == day_form
        assert kit.short_date(datetime.date(2024, 7, 2)) == "02/07/2024"


def test_long_date_friday_is_spelt_as_the_state_spells_it() -> None:
    with translation.override("id"):
        assert kit.long_date(datetime.date(2024, 7, 5)) == "Jumat, 5 Juli 2024"


@pytest.mark.parametrize(
    ("end", "written"),
    [
        (datetime.date(2024, 7, 1), "1 Juli 2024"),
        (datetime.date(2024, 7, 2), "1 s.d. 2 Juli 2024"),
        (datetime.date(2024, 8, 27), "1 Juli s.d. 27 Agustus 2024"),
        (datetime.date(2025, 1, 3), "1 Juli 2024 s.d. 3 Januari 2025"),
    ],
)
def test_date_range_writes_once_what_is_shared(end: datetime.date, written: str) -> None:
    with translation.override("id"):
        assert kit.date_range(datetime.date(2024, 7, 1), end) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [("Asia/Jakarta", "08.00 WIB"), ("Asia/Makassar", "09.00 WITA"), ("Asia/Jayapura", "10.00 WIT")],
)
def test_clock_names_the_active_zone(zone: str, written: str) -> None:
    with translation.override("id"), timezone.override(zoneinfo.ZoneInfo(zone)):
        assert kit.clock(MORNING) == written


def test_clock_midnight_is_a_time() -> None:
    with translation.override("id"), timezone.override(WIB):
        assert kit.clock(datetime.time(0, 0)) == "00.00 WIB"


@pytest.mark.parametrize(("language", "written"), [("id", "pukul 08.00 s.d. 12.00 WIB"), ("en", "08:00 to 12:00 WIB")])
def test_time_range_follows_the_language(language: str, written: str) -> None:
    with translation.override(language), timezone.override(WIB):
        assert kit.time_range(MORNING, NOON) == written


def test_time_range_over_midnight_tells_both_days() -> None:
    with translation.override("en"), timezone.override(WIB):
        end = NOON + datetime.timedelta(days=1)
        assert kit.time_range(MORNING, end) == "2 July 2024, 08:00 to 3 July 2024, 12:00 WIB"


def test_icon_is_silent_without_a_label() -> None:
    drawn = kit.pictures.icon("check")
    assert 'aria-hidden="true"' in drawn
    assert drawn.endswith('icons.svg#check"/></svg>')


def test_icon_says_its_label() -> None:
    assert 'role="img" aria-label="Met &amp; done"' in kit.pictures.icon("check", label="Met & done")


def test_icon_every_name_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text()))
    used = set()
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        text = path.read_text()
        used |= set(re.findall(r'{% icon "([^"]+)"', text)) | set(re.findall(r'<c-[^>]*\sicon="([a-z0-9-]+)"', text))
    assert used - sprite == set()


def test_draw_field_keeps_and_escapes_what_was_typed() -> None:
    html = draw_field(sent("needs=%3Cb%3E%22&nik=12")["needs"])
    assert '<textarea class="form-control "' in html
    assert "\n&lt;b&gt;&quot;</textarea>" in html


def test_draw_field_ties_hint_and_error_to_the_control() -> None:
    html = draw_field(sent("nik=")["nik"], kind="number", css="w-digits")
    assert 'aria-invalid="true" aria-describedby="id_nik_hint id_nik_error"' in html
    assert 'inputmode="numeric" maxlength="16"' in html
    assert 'id="id_nik_error"' in html


def test_draw_field_date_keeps_a_date_that_does_not_exist() -> None:
    html = draw_field(sent("birth_date_day=31&birth_date_month=02&birth_date_year=19x")["birth_date"])
    assert re.search(r'value="31"[^>]* name="birth_date_day"', html)
    assert re.search(r'<option value="2" selected>', html)
    assert re.search(r'value="19x"[^>]* name="birth_date_year"', html)


def test_draw_field_date_shows_a_stored_date() -> None:
    html = draw_field(PersonForm(initial={"birth_date": datetime.date(1999, 7, 12)})["birth_date"])
    assert re.search(r'value="12"[^>]* name="birth_date_day"', html)
    assert html.count("selected") == 1


def test_draw_field_radio_ticks_the_choice() -> None:
    html = draw_field(sent("sex=male")["sex"])
    assert re.search(r'value="male"[^>]* checked', html)
    assert not re.search(r'value="female"[^>]* checked', html)


@pytest.mark.parametrize(
    ("name", "target"), [("nik", "id_nik"), ("sex", "id_sex_0"), ("birth_date", "id_birth_date_day")]
)
def test_first_id_names_a_control_that_exists(name: str, target: str) -> None:
    bound = PersonForm()[name]
    assert first_id(bound) == target
    assert f'id="{target}"' in draw_field(bound)


def test_component_field_passes_what_the_page_gives() -> None:
    template = engines["django"].from_string(
        "{% cotton field :field='form.nik' autocomplete='off' maxlength='20' %}{% endcotton %}"
    )
    html = template.render({"form": PersonForm()})
    assert 'maxlength="20"' in html
    assert html.count("maxlength") == 1
    assert 'autocomplete="off"' in html


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_error_page_needs_no_context(code: int) -> None:
    html = engines["django"].get_template(f"{code}.html").render()
    assert html.count("<h1>") == 1
    assert html.count('class="btn btn-primary"') == 1
