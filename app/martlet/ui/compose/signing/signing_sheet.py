"""The signatures of who writes, changed from the letter: kept with the identity, used at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from martlet.link.messages import AccountEdit
from martlet.mail.account import Account
from martlet.mail.errors import MailError
from martlet.mail.identity import Identity

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.accounts.signature_sheet import SignatureSheet
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


def edit_signatures(
    window: ComposeWindow, link: EngineLink, reader: Reader
) -> SignatureSheet | None:
    """Opens the sheet for the identity the letter is from; None where nobody can send."""
    from martlet.ui.accounts.signature_sheet import SignatureSheet

    sender = window.header.writer.chosen
    if sender is None:
        return None
    identity = sender.identity
    sheet = SignatureSheet(identity.signature, identity.signing, link, reader, window)

    def keep() -> None:
        # As it is now: it may have been changed elsewhere since the letter was opened.
        account = reader.account(sender.account.id)
        if account is None:
            return
        signed = _signed(account, identity.id, sheet)

        def kept(_none: None) -> None:
            window.header.writer.renew(signed)
            window.signer.sender_changed()

        def failed(error: MailError) -> None:
            window.notice.say(error.summary, error.detail)

        link.ask(AccountEdit(signed), kept, failed, owner=window)

    sheet.accepted.connect(keep)
    sheet.open()
    return sheet


def _signed(account: Account, identity_id: int, sheet: SignatureSheet) -> Account:
    text, signing = sheet.words_of_main, sheet.signing

    def one(identity: Identity) -> Identity:
        if identity.id != identity_id:
            return identity
        return replace(identity, signature=text, signing=signing)

    if not identity_id:
        return replace(account, signature=text, signing=signing)
    return replace(account, identities=tuple(map(one, account.identities)))
