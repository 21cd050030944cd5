"""Payments, the accounts that they go to, and who stands in for whom."""

from django.urls import path

from budgets.views import account_sources, accounts, payment_steps, payments, proofs, stand_ins, transfers, withholding

PAYMENTS, PAYMENT = "kerja/pembayaran", "kerja/pembayaran/<int:pk>"
TRANSFERS, TRANSFER = f"{PAYMENTS}/transfer", f"{PAYMENTS}/transfer/<int:pk>"
ACCOUNTS, ACCOUNT = "kerja/rekening", "kerja/rekening/<int:pk>"

urlpatterns = [
    path(f"{PAYMENTS}/", payments.payment_list, name="payment_list"),
    path(f"{PAYMENTS}/setujui/", payments.payment_approve, name="payment_approve"),
    path(f"{PAYMENTS}/catat/", payments.payment_pay_many, name="payment_pay_many"),
    path(f"{PAYMENTS}/bukti/", proofs.proof_list, name="proof_list"),
    path(f"{PAYMENTS}/bukti/<int:pk>/", proofs.proof_file, name="proof_file"),
    path(f"{PAYMENTS}/bukti/<int:pk>/tarik/", proofs.proof_withdraw, name="proof_withdraw"),
    path(f"{PAYMENT}/", payments.payment_detail, name="payment_detail"),
    path(f"{PAYMENT}/tolak/", payment_steps.payment_reject, name="payment_reject"),
    path(f"{PAYMENT}/bayar/", payment_steps.payment_pay, name="payment_pay"),
    path(f"{PAYMENT}/gagal/", payment_steps.payment_fail, name="payment_fail"),
    path(f"{PAYMENT}/retur/", payment_steps.payment_return, name="payment_return"),
    path(f"{PAYMENT}/tarik/", payment_steps.payment_cancel, name="payment_cancel"),
    path(f"{PAYMENT}/ajukan-lagi/", payment_steps.payment_again, name="payment_again"),
    path(f"{TRANSFERS}/", transfers.transfer_list, name="transfer_list"),
    path(f"{TRANSFERS}/baru/", transfers.transfer_create, name="transfer_create"),
    path(f"{TRANSFER}/", transfers.transfer_detail, name="transfer_detail"),
    path(f"{TRANSFER}/lembar/", transfers.transfer_sheet, name="transfer_sheet"),
    path(f"{TRANSFER}/berkas/", transfers.transfer_file, name="transfer_file"),
    path(f"{TRANSFER}/batal/", transfers.transfer_cancel, name="transfer_cancel"),
    path(f"{TRANSFER}/hasil/", transfers.transfer_outcome, name="transfer_outcome"),
    path(f"{PAYMENTS}/pph/", withholding.withholding_list, name="withholding_list"),
    path(f"{PAYMENTS}/pph/unduh/", withholding.withholding_sheet, name="withholding_sheet"),
    path(f"{ACCOUNTS}/", accounts.account_list, name="account_list"),
    path(f"{ACCOUNTS}/baru/", accounts.account_create, name="account_create"),
    path(f"{ACCOUNTS}/daftar/<int:agency_id>/<slug:source>/", account_sources.account_source, name="account_source"),
    path(f"{ACCOUNT}/", accounts.account_detail, name="account_detail"),
    path(f"{ACCOUNT}/konfirmasi/", accounts.account_confirm, name="account_confirm"),
    path(f"{ACCOUNT}/tolak/", accounts.account_refuse, name="account_refuse"),
    path(f"{ACCOUNT}/lihat/", accounts.account_reveal, name="account_reveal"),
    path("kerja/pengganti/", stand_ins.stand_in_list, name="stand_in_list"),
    path("kerja/pengganti/<int:pk>/akhiri/", stand_ins.stand_in_end, name="stand_in_end"),
]
