"""Accounts in the window: adding, changing, removing, passwords and certificates."""

from martlet.ui.accounts.certificate import CertificateDialog
from martlet.ui.accounts.overview import AccountsDialog
from martlet.ui.accounts.password import PasswordDialog
from martlet.ui.accounts.settings import AccountSettings
from martlet.ui.accounts.wizard import AccountWizard

__all__ = [
    "AccountSettings",
    "AccountWizard",
    "AccountsDialog",
    "CertificateDialog",
    "PasswordDialog",
]
