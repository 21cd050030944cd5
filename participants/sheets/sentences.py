"""What is wrong in a cell, in words. The codes are those of the form's fields, of the rules and of the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from participants.actions.registering import ALREADY, FULL, LINE_REFUSALS

SENTENCES: dict[str, Any] = {
    "required": lazy("This cell is empty."),
    "invalid": lazy("This is not complete."),
    "max_length": lazy("This is too long."),
    "null_characters_not_allowed": lazy("This cell holds signs that cannot be kept."),
    "invalid_choice": lazy("This stands in no list of the programme."),
    "nik_number": lazy(
        "Excel keeps this NIK as a number, so its last digit may be lost. Format as text, type it anew."
    ),
    "nik_shortened": lazy("This NIK was shortened (like 3.37E+15) and its last digits are lost. Type it anew as text."),
    "nik_date": lazy("Excel made a date of this NIK. Format the column as text, type it anew."),
    "nik_formula": lazy("A NIK cannot be a formula. Paste it as a value, in a column formatted as text."),
    "nik_not_digits": lazy("NIK has digits only. Please take out letters and other signs."),
    "nik_impossible": lazy("This is not a NIK. Please copy it from the identity card."),
    "name_empty": lazy("Please enter the name as it stands on the identity card."),
    "name_long": lazy("A name has at most 100 characters."),
    "name_signs": lazy("A name has letters, spaces and . , ' - / only. Please take out other signs."),
    "birth_date_future": lazy("The birth date cannot lie in the future."),
    "birth_date_old": lazy("Please check the year of birth."),
    "date_number": lazy("This is a number, not a date. Format the column as date, or write 12/07/1999."),
    "date_unreadable": lazy("This date cannot be read. Write day, month, year: 12/07/1999."),
    "date_short_year": lazy("Write the year with four digits: 12/07/1999."),
    "date_month_first": lazy("The month stands before the day. Write day, month, year: 12/07/1999."),
    "date_impossible": lazy("This date does not exist."),
    "sex_unknown": lazy("Write L for a man, P for a woman."),
    "phone_several": lazy("Please enter one number only."),
    "phone_invalid": lazy("This phone number is not complete. Example: 0812-3456-7890."),
    "phone_not_mobile": lazy("Please enter a mobile number. Example: 0812-3456-7890."),
    "phone_shortened": lazy("This number was shortened by the spreadsheet. Type it anew as text."),
    "neighbourhood_digits": lazy("Digits only, for example 003."),
    "rt_rw_unreadable": lazy("Write RT and RW like 003/005."),
    "education_unknown": lazy("This level of school is not known. Write SD, SMP, SMA, SMK, D3, S1 or S2."),
    "group_unknown": lazy("This target group is not known. Choose one of the list in the template."),
    "choice_unknown": lazy("This stands in no list of the programme."),
    "yes_or_no": lazy("Write Ya or Tidak."),
    "region_unknown": lazy("No urban village of this name is known here."),
    "region_several": lazy("Several urban villages have this name."),
    "batch_none_here": lazy("The programme has no open batch for this urban village."),
    "batch_several": lazy("Several batches are open for this urban village. Name one in the column Angkatan."),
    "batch_unknown": lazy("No open batch of this name takes people of this urban village."),
    "cell_error": lazy("A formula failed here: %(shown)s."),
    "cell_formula": lazy("A formula stands here. Paste its value."),
    "cell_kind": lazy("TRUE or FALSE stands here. Please write text."),
    "cell_date": lazy("A date stands here. Format the column as text, type it anew."),
    "cell_merged": lazy("This cell is merged with others. Separate them and fill in each row."),
    "same_in_file": lazy("The same person stands in row %(row)d already."),
    "nik_in_file": lazy("The same NIK stands in row %(row)d with another name."),
    "already_in_batch": ALREADY,
    "no_place": FULL,
    "nik_of_other": lazy("This NIK is on file with another name and another birth date."),
    "alike_in_file": lazy("The same name and birth date stand in row %(row)d with another NIK."),
    "alike_in_batch": lazy("Somebody of the same name and birth date is in this batch already, with another NIK."),
    "alike_on_file": lazy("Somebody of the same name and birth date is on file, with another NIK."),
    "other_contact": lazy("This person is on file with another phone number."),
    **{f"not_eligible:{kind}": sentence for kind, sentence in LINE_REFUSALS.items()},
}
# Of these somebody decides; all others are mistakes.
DOUBTS = {"nik_of_other", "alike_in_file", "alike_in_batch", "alike_on_file"}


def sentence(problem: Sequence[Any]) -> str:
    """For (column, code, params)."""
    _name, code, params = problem
    if code == "nik_length":
        return _nik_length(params)
    said = str(SENTENCES.get(code, SENTENCES["invalid"])) % params
    known = params.get("known", "")
    return f"{said} {_('Do you mean: %(known)s?') % {'known': known}}" if known else said


def _nik_length(params: Mapping[str, Any]) -> str:
    count = int(params["count"])
    said = ngettext(
        "NIK must be 16 digits. You entered %(count)d digit.",
        "NIK must be 16 digits. You entered %(count)d digits.",
        count,
    )
    return said % {"count": count}
