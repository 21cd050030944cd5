"""What is wrong in a cell, in words. The codes are those of the form's fields, of the rules and of the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "required": _("This cell is empty."),
    "invalid": _("This is not complete."),
    "max_length": _("This is too long."),
    "null_characters_not_allowed": _("This cell holds signs that cannot be kept."),
    "invalid_choice": _("This stands in no list of the programme."),
    "nik_number": _("Excel keeps this NIK as a number, so its last digit may be lost. Format as text, type it anew."),
    "nik_shortened": _("This NIK was shortened (like 3.37E+15) and its last digits are lost. Type it anew as text."),
    "nik_date": _("Excel made a date of this NIK. Format the column as text, type it anew."),
    "nik_formula": _("A NIK cannot be a formula. Paste it as a value, in a column formatted as text."),
    "family_card": _("A family card number has 16 digits."),
    "family_card_number": _(
        "Excel keeps this number as a number, so its last digit may be lost. Type it anew as text."
    ),
    "family_card_shortened": _("This number was shortened by the spreadsheet. Type it anew as text."),
    "family_card_date": _("Excel made a date of this number. Format the column as text, type it anew."),
    "family_card_formula": _("This number cannot be a formula. Paste it as a value, in a column formatted as text."),
    "nik_not_digits": _("NIK has digits only. Please take out letters and other signs."),
    "nik_impossible": _("This is not a NIK. Please copy it from the identity card."),
    "name_empty": _("Please enter the name as it stands on the identity card."),
    "name_long": _("A name has at most 100 characters."),
    "name_signs": _("A name has letters, spaces and . , ' - / only. Please take out other signs."),
    "birth_date_future": _("The birth date cannot lie in the future."),
    "birth_date_old": _("Please check the year of birth."),
    "date_number": _("This is a number, not a date. Format the column as date, or write 12/07/1999."),
    "date_unreadable": _("This date cannot be read. Write day, month, year: 12/07/1999."),
    "date_short_year": _("Write the year with four digits: 12/07/1999."),
    "date_month_first": _("The month stands before the day. Write day, month, year: 12/07/1999."),
    "date_impossible": _("This date does not exist."),
    "sex_unknown": _("Write L for a man, P for a woman."),
    "phone_several": _("Please enter one number only."),
    "phone_invalid": _("This phone number is not complete. Example: 0812-3456-7890."),
    "phone_not_mobile": _("Please enter a mobile number. Example: 0812-3456-7890."),
    "phone_shortened": _("This number was shortened by the spreadsheet. Type it anew as text."),
    "neighbourhood_digits": _("Digits only, for example 003."),
    "rt_rw_unreadable": _("Write RT and RW like 003/005."),
    "education_unknown": _("This level of school is not known. Write SD, SMP, SMA, SMK, D3, S1 or S2."),
    "group_unknown": _("This target group is not known. Choose one of the list in the template."),
    "choice_unknown": _("This stands in no list of the programme."),
    "yes_or_no": _("Write Ya or Tidak."),
    "region_unknown": _("No urban village of this name is known here."),
    "region_several": _("Several urban villages have this name."),
    "batch_none_here": _("The programme has no open batch for this urban village."),
    "batch_several": _("Several batches are open for this urban village. Name one in the column Angkatan."),
    "batch_unknown": _("No open batch of this name takes people of this urban village."),
    "cell_error": _("A formula failed here: %(shown)s."),
    "cell_formula": _("A formula stands here. Paste its value."),
    "cell_kind": _("TRUE or FALSE stands here. Please write text."),
    "cell_date": _("A date stands here. Format the column as text, type it anew."),
    "cell_merged": _("This cell is merged with others. Separate them and fill in each row."),
    "same_in_file": _("The same person stands in row %(row)d already."),
    "nik_in_file": _("The same NIK stands in row %(row)d with another name."),
    "already_in_batch": _("This person is registered for this batch already."),
    "no_place": _("All seats and the waiting list are full."),
    "guardian_missing": _("Not 18 yet: please register this person with the form, together with a guardian."),
    "not_eligible:age": _("The age on the first day is outside what the programme allows."),
    "not_eligible:domicile": _("The address is outside the area of the batch."),
    "not_eligible:target_group": _("The programme is for other groups."),
    "not_eligible:not_twice": _("This person takes part in another training of the same year already."),
    "nik_of_other": _("This NIK is on file with another name and another birth date."),
    "alike_in_file": _("The same name and birth date stand in row %(row)d with another NIK."),
    "alike_in_batch": _("Somebody of the same name and birth date is in this batch already, with another NIK."),
    "alike_on_file": _("Somebody of the same name and birth date is on file, with another NIK."),
    "entry_unknown": _("No entry of this batch has this registration number."),
    "entry_changed": _("This entry has changed since the list was read. Check the list again."),
    "entry_not_held": _("This person does not hold a seat of this batch."),
    "entry_not_verified": _("This entry is not verified yet."),
    "entry_in_file": _("The same payee stands in row %(row)d already."),
    "payee_other": _("This registration number belongs to somebody else. Perhaps one column was sorted alone."),
    "bank_unknown": _("This bank is not known. Choose one of the list in the template, or write its code."),
    "account_number": _("An account number has 5 to 20 digits."),
    "account_shortened": _("This number was shortened by the spreadsheet. Type it anew as text."),
    "account_number_cell": _("Excel keeps this as a number: zeros in front are lost. Format as text, type it anew."),
    "account_date": _("Excel made a date of this number. Format the column as text, type it anew."),
    "account_formula": _("An account number cannot be a formula. Paste it as a value, in a column formatted as text."),
    "holder_reason": _("The account holder is not the payee. Say why, or correct the name."),
    "holder_differs": _("The account holder is not the payee. Is this agreed in writing?"),
    "account_in_file": _("The same account stands in row %(row)d for another payee."),
    "account_of_other": _("The same account is on file for another payee."),
    "account_changes": _("Another account of this payee is in force. This one takes its place once it is confirmed."),
    "account_replaces": _("Another account of this payee waits to be confirmed. This one takes its place."),
    "account_same": _("This account is in force already. Nothing is to be done."),
    "account_waits": _("This account waits to be confirmed already. Nothing is to be done."),
}


def sentence(problem: Sequence[Any]) -> str:
    """For (column, code, params)."""
    _name, code, params = problem
    if code == "nik_length":
        return _nik_length(params)
    said = str(SENTENCES.get(code, SENTENCES["invalid"])) % params
    known = params.get("known", "")
    if not known:
        return said
    offer = gettext("Do you mean: %(known)s?") % {"known": known}
    return f"{said} {offer}"


def _nik_length(params: Mapping[str, Any]) -> str:
    count = int(params["count"])
    said = ngettext(
        "NIK must be 16 digits. You entered %(count)d digit.",
        "NIK must be 16 digits. You entered %(count)d digits.",
        count,
    )
    return said % {"count": count}
