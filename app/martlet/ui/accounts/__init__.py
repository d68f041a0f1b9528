"""Accounts in the window: adding, changing, removing, passwords and certificates."""

from martlet.ui.accounts.add import AddAccountDialog
from martlet.ui.accounts.certificate import CertificateDialog
from martlet.ui.accounts.overview import AccountsDialog
from martlet.ui.accounts.password import PasswordDialog

__all__ = ["AccountsDialog", "AddAccountDialog", "CertificateDialog", "PasswordDialog"]
