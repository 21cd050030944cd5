"""Who may open the pages of payments, accounts and stand-ins, as lines of tests/ikm_portal/test_access.py."""

from typing import Any

from accounts.models import Agency
from accounts.roles import Role
from budgets import actions
from budgets.models import StandIn, TransferLayout, TransferList
from tests import cast, factories

# In the order of the cast: who sees budgets sees every payment of the office; the treasurer alone of them pays.
SEES = "LFFFIFIIIIFF"
SEES_ROW = "LFFFIFIINIFF"
PAYS = "LFFFFFFIFFFF"
PAYS_ROW = "LFFFFFFINFFF"
NOBODY = "LFFFFFFFFFFF"
NOBODY_ROW = "LFFFFFFFNFFF"
NO_PROOF = "LFFFNFNNNNFF"  # no scan has this number
PAYMENTS: dict[str, tuple[str, str]] = {
    "participants:batch_allowances": ("get", SEES_ROW),
    "participants:batch_accounts": ("get", PAYS),
    "participants:batch_accounts_template": ("get", PAYS),
    "budgets:payment_list": ("get", SEES),
    "budgets:payment_detail": ("get", SEES_ROW),
    "budgets:payment_approve": ("post", NOBODY),
    "budgets:payment_pay_many": ("get", PAYS),
    "budgets:payment_reject": ("get", NOBODY_ROW),
    "budgets:payment_pay": ("get", PAYS_ROW),
    "budgets:payment_fail": ("get", PAYS_ROW),
    "budgets:payment_return": ("get", PAYS_ROW),
    "budgets:payment_cancel": ("get", NOBODY_ROW),
    "budgets:payment_again": ("get", NOBODY_ROW),
    "budgets:transfer_list": ("get", SEES),
    "budgets:transfer_create": ("get", PAYS),
    "budgets:transfer_detail": ("get", SEES_ROW),
    "budgets:transfer_sheet": ("post", PAYS_ROW),
    "budgets:transfer_file": ("post", PAYS_ROW),
    "budgets:transfer_cancel": ("get", PAYS_ROW),
    "budgets:transfer_outcome": ("get", PAYS_ROW),
    "budgets:withholding_list": ("get", SEES),
    "budgets:withholding_sheet": ("get", PAYS),
    "budgets:proof_list": ("get", SEES),
    "budgets:proof_file": ("get", NO_PROOF),
    "budgets:proof_withdraw": ("get", NO_PROOF),
    "budgets:account_list": ("get", SEES),
    "budgets:account_create": ("get", PAYS),
    "budgets:account_source": ("get", SEES_ROW),
    "budgets:account_detail": ("get", SEES_ROW),
    "budgets:account_confirm": ("post", PAYS_ROW),
    "budgets:account_refuse": ("get", PAYS_ROW),
    "budgets:account_reveal": ("get", PAYS_ROW),
    "budgets:stand_in_list": ("get", SEES),
    "budgets:stand_in_end": ("post", NOBODY_ROW),
}
PAYMENT_ROWS = {"payment_": "payment", "transfer_": "transfer", "account_": "account", "stand_in_": "stand_in"}


def paying(agency: Agency) -> dict[str, Any]:
    """An approved payment to an account that waits for a second person, and a colleague who stands in."""
    proposer = factories.user("pptk.uang", role=Role.ACTIVITY_OFFICER)
    account = factories.payee_account(
        agency, state="pending", needs_second=True, source="import-1", entered_by=proposer
    )
    payment = actions.propose_payment(
        line=factories.budget_line(factories.fund_source(agency, code="dana-bayar")),
        payee=None,
        payee_name="Pengajar",
        gross=1_000_000,
        kind="honorarium",
        purpose="Mengajar",
        reference="session:1",
        by=proposer,
    )
    authority = factories.user("kpa.uang", role=Role.BUDGET_AUTHORITY)
    actions.approve_payments(payments=[payment], by=authority)
    period = StandIn.objects.create(
        agency=agency,
        duty="approve_payments",
        absent=authority,
        substitute=cast.budget_authority(),
        valid_from=agency.today(),
        valid_to=agency.today(),
        document="ST/1",
    )
    actions.load_money_lists(by=None)
    made = TransferList.objects.create(
        agency=agency,
        year=agency.today().year,
        number=1,
        layout=TransferLayout.objects.filter(agency=None)[0],
        made_by=authority,
    )
    return {"payment": payment, "account": account, "stand_in": period, "transfer": made}
