"""Checks the DKIM signatures of a message here, when a person asks for it (RFC 6376, RFC 8463).

Asking DNS for the key tells the signer's name server that the mail is being looked at, so it is
never done by itself. What is signed is read by `mime.dkim`; DNS is asked by `net.dns`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from martlet.mail.errors import Offline
from martlet.mail.message import MessageId
from martlet.mail.providers import domain_of
from martlet.mail.registrable import same_site
from martlet.mail.sender_facts import FactKind, SenderFact, SignatureFault, Weight
from martlet.mime.dkim import ED25519, Key, Signature, key_of, signatures
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.sender_values import value
from martlet.net.dns import NameServer

_MOST_ASKED = 5
_LEAST_BITS = 1024
_MOST_BITS = 8192
_RECORDS = 3
_AFTER_ITS_TIME = (None, SignatureFault.NO_KEY, SignatureFault.WITHDRAWN)


class Signatures:
    """raw: every byte of a message, fetched first if need be. names: asked for keys. received:
    when a message came, as far as it is known; what came in time does not expire later."""

    def __init__(
        self,
        raw: Callable[[MessageId], bytes],
        names: NameServer,
        *,
        received: Callable[[MessageId], float | None] = lambda message_id: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._raw = raw
        self._names = names
        self._received = received
        self._clock = clock

    def check(self, message_id: MessageId) -> list[SenderFact]:
        """What its signatures prove, of the sender's own domain first. At most 5 facts.

        Raises Offline when no key could be asked for.
        """
        raw = self._raw(message_id)
        sender = domain_of(envelope(parse_headers(raw)).sender.address)
        came = self._received(message_id)
        when = self._clock() if came is None else came
        found = sorted(signatures(raw), key=lambda one: not same_site(one.domain, sender))
        if not found:
            return [SenderFact(FactKind.UNSIGNED, Weight.NOTE)]
        facts: list[SenderFact] = []
        silent: Offline | None = None
        for one in found[:_MOST_ASKED]:
            try:
                fault = one.fault or self._fault(one, when)
            except Offline as error:
                silent = error
                fault = SignatureFault.NO_ANSWER
            facts.append(_fact(one, fault, sender))
        if silent is not None and all(fact.kind is FactKind.SIGNATURE_UNCHECKED for fact in facts):
            raise silent
        good = [fact for fact in facts if fact.kind in (FactKind.SIGNED, FactKind.SIGNED_IN_PART)]
        # One good signature is enough; what became of the others says nothing (RFC 6376, 6.1).
        return list(dict.fromkeys(good or facts))

    def _fault(self, one: Signature, when: float) -> SignatureFault | None:
        """Why the signature is not to be believed, None when it is good. when: it was received."""
        if not one.body_fits:
            return SignatureFault.TEXT_CHANGED
        fault = self._by_key(one)
        # Its time is that of receiving it (RFC 6376, 3.5); keys go when they are not needed.
        late = one.expires and one.expires < when
        return SignatureFault.EXPIRED if late and fault in _AFTER_ITS_TIME else fault

    def _by_key(self, one: Signature) -> SignatureFault | None:
        records = self._names.texts(one.key_name)[:_RECORDS]
        if not records:
            return SignatureFault.NO_KEY
        keys = [key for key in map(key_of, records) if key is not None]
        faults = [_verified(one, key) for key in keys]
        return None if None in faults else next(iter(faults), SignatureFault.BAD_KEY)


def _verified(one: Signature, key: Key) -> SignatureFault | None:
    if not key.data:
        return SignatureFault.WITHDRAWN
    if key.kind != one.algorithm.partition("-")[0] or (key.strict and one.for_host != one.domain):
        return SignatureFault.BAD_KEY
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        if one.algorithm != ED25519:
            return _rsa(one, key)
        _ed25519(one, key)
    except InvalidSignature:
        return SignatureFault.HEADER_CHANGED
    except (ValueError, UnsupportedAlgorithm):
        return SignatureFault.BAD_KEY
    return None


def _ed25519(one: Signature, key: Key) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    # It signs the hash, not the header (RFC 8463, 3).
    public = Ed25519PublicKey.from_public_bytes(key.data)
    public.verify(one.value, hashlib.sha256(one.signed).digest())


def _rsa(one: Signature, key: Key) -> SignatureFault | None:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if len(key.data) * 8 < _LEAST_BITS:
        return SignatureFault.SHORT_KEY
    if len(key.data) * 8 > 2 * _MOST_BITS:
        return SignatureFault.BAD_KEY
    public = load_der_public_key(key.data)
    if not isinstance(public, RSAPublicKey) or public.key_size > _MOST_BITS:
        return SignatureFault.BAD_KEY
    if public.key_size < _LEAST_BITS:
        return SignatureFault.SHORT_KEY
    public.verify(one.value, one.signed, PKCS1v15(), SHA256())
    return None


def _fact(one: Signature, fault: SignatureFault | None, sender: str) -> SenderFact:
    domain = value(one.domain) or "?"
    if fault is SignatureFault.NO_ANSWER:
        return SenderFact(FactKind.SIGNATURE_UNCHECKED, Weight.NOTE, (domain, fault.value))
    if fault is not None:
        # That somebody kept it for long says nothing against a letter.
        weight = Weight.NOTE if fault is SignatureFault.EXPIRED else Weight.CAUTION
        return SenderFact(FactKind.SIGNATURE_BROKEN, weight, (domain, fault.value))
    if not same_site(one.domain, sender):
        return SenderFact(FactKind.SIGNED_FOR_OTHER, Weight.NOTE, (domain, value(sender)))
    if one.length is not None:
        return SenderFact(FactKind.SIGNED_IN_PART, Weight.CAUTION, (domain,))
    return SenderFact(FactKind.SIGNED, Weight.NOTE, (domain,))
