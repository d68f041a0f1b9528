"""DKIM checked here, with own keys in an own name server."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.engine.dkim import Signatures
from martlet.mail.errors import Offline
from martlet.mail.message import MessageId
from martlet.mail.sender_facts import FactKind, SenderFact, SignatureFault, Weight, sentence_of
from martlet.mime.dkim import canonical_body, canonical_field, key_of, signatures, tag_list
from martlet.net.dns import NameServer
from support.dkim_signed import Signer, zone_text
from support.names import Names

RAW = (
    b"Received: from x by y\r\nFrom: Anna Berg\r\n\t<anna@example.org>\r\nTo: bob@example.net\r\n"
    b"Subject:  Hello   there \r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\n"
    b"Dear  Bob,\t \r\n\r\n.. hello  \r\n\r\n\r\n"
)
RSA = Signer.rsa("example.org")
OTHER = Signer.rsa("mailer.example", "k")
ED = Signer.ed25519("example.org", "ed")
KEYS = {one.record_name: [one.record] for one in (RSA, OTHER, ED)}
SIGNED = SenderFact(FactKind.SIGNED, Weight.NOTE, ("example.org",))


def checked(
    raw: bytes,
    records: Mapping[tuple[str, str], Sequence[str]] = KEYS,
    now: float = 1e9,
    came: float | None = None,
) -> list[SenderFact]:
    with Names(records) as names:
        server = NameServer(names.place)
        made = Signatures(lambda _: raw, server, received=lambda _: came, clock=lambda: now)
        return made.check(MessageId(1))


def fault(raw: bytes, records: Mapping[tuple[str, str], Sequence[str]] = KEYS) -> str:
    (fact,) = checked(raw, records)
    assert fact.kind is FactKind.SIGNATURE_BROKEN
    assert fact.weight is Weight.CAUTION
    return fact.values[1]


@pytest.mark.parametrize("signer", [RSA, ED], ids=["rsa", "ed25519"])
@pytest.mark.parametrize("head", ["simple", "relaxed"])
@pytest.mark.parametrize("body", ["simple", "relaxed"])
def test_good(signer: Signer, head: str, body: str) -> None:
    assert checked(signer.sign(RAW, way=f"{head}/{body}")) == [SIGNED]


def test_changed_on_its_way() -> None:
    raw = RSA.sign(RAW)
    assert fault(raw.replace(b"Dear", b"Deer")) == SignatureFault.TEXT_CHANGED.value
    assert fault(raw.replace(b"Hello", b"Hallo")) == SignatureFault.HEADER_CHANGED.value
    assert fault(raw.replace(b"anna@", b"hanna@")) == SignatureFault.HEADER_CHANGED.value
    # What relaxed is for.
    loose = raw.replace(b"Dear  Bob,\t ", b"Dear Bob,").replace(b"Hello   there", b"Hello there")
    assert checked(loose + b"\r\n\r\n") == [SIGNED]
    strict = RSA.sign(RAW, way="simple/simple")
    assert fault(strict.replace(b"Dear  Bob", b"Dear Bob")) == SignatureFault.TEXT_CHANGED.value
    assert fault(strict.replace(b"Hello   t", b"Hello t")) == SignatureFault.HEADER_CHANGED.value


def test_a_second_sender_is_not_covered() -> None:
    raw = RSA.sign(RAW)
    for place in (b"Received: from x", b"Date: Mon"):
        doubled = raw.replace(place, b"From: chief@bank.example\r\n" + place)
        assert fault(doubled) == SignatureFault.SENDER_NOT_SIGNED.value
    # One that signed "no other From" is broken by it.
    sealed = RSA.sign(RAW, names="from:from:subject")
    assert checked(sealed) == [SIGNED]
    doubled = sealed.replace(b"Received: from x", b"From: a@example.org\r\nReceived: from x")
    assert fault(doubled) == SignatureFault.HEADER_CHANGED.value


def test_of_a_field_twice_the_lower_is_signed() -> None:
    raw = RAW.replace(b"To: bob", b"X-A: upper\r\nX-A: lower\r\nTo: bob")
    signed = RSA.sign(raw, names="from:subject:x-a")
    assert checked(signed) == [SIGNED]
    assert checked(signed.replace(b"upper", b"other")) == [SIGNED]
    assert fault(signed.replace(b"lower", b"other")) == SignatureFault.HEADER_CHANGED.value


def test_a_subject_that_is_not_signed_is_anybodys() -> None:
    signed = RSA.sign(RAW, names="from:to")
    assert fault(signed) == SignatureFault.HEADER_NOT_SIGNED.value
    assert checked(RSA.sign(b"From: a@example.org\r\n\r\ntext\r\n", names="from")) == [SIGNED]


@pytest.mark.parametrize(
    "field", [b"Subject: other", b"Content-Type: text/html", b"Reply-To: x@y.z"]
)
def test_a_second_field_above_a_signed_one(field: bytes) -> None:
    first = field.partition(b":")[0] + b": first\r\n"
    raw = RSA.sign(RAW if first.startswith(b"Sub") else first + RAW, names="from:subject:reply-to")
    assert checked(raw) == [SIGNED]
    assert fault(field + b"\r\n" + raw) == SignatureFault.HEADER_NOT_SIGNED.value


@pytest.mark.parametrize(
    "hidden",
    [
        b"Received: x\nFrom: chief@example.org\r\n",
        b"Received: x\rFrom: chief@example.org\r\n",
        b"Received: x\nFrom: Anna Berg\r\n\t<anna@example.org>\n\nAnother text.\r\n",
        b"Received: x\n\r\r\nFrom: chief@example.org\r\n",
    ],
)
def test_no_header_is_hidden_in_a_field(hidden: bytes) -> None:
    # All readers but the signer's end a field, or the header, at these.
    assert fault(hidden + RSA.sign(RAW)) == SignatureFault.WRITTEN_WRONG.value


def test_an_endless_header_is_not_believed() -> None:
    raw = RSA.sign(RAW)
    many = raw.replace(b"Date: Mon", b"X-A: b\r\n" * 2001 + b"Date: Mon")
    assert fault(many) == SignatureFault.WRITTEN_WRONG.value
    long = b"X-A: " + b"b\r\n " * 400_000 + b"\r\n"
    cut = raw.replace(b"Date: Mon", long + b"Date: Mon")
    assert fault(cut) == SignatureFault.WRITTEN_WRONG.value


def test_without_a_signature() -> None:
    assert checked(RAW) == [SenderFact(FactKind.UNSIGNED, Weight.NOTE)]


def test_signed_for_another() -> None:
    (fact,) = checked(OTHER.sign(RAW))
    assert fact == SenderFact(
        FactKind.SIGNED_FOR_OTHER, Weight.NOTE, ("mailer.example", "example.org")
    )


def test_of_several_the_senders_own_counts() -> None:
    assert checked(OTHER.sign(RSA.sign(RAW))) == [SIGNED]
    broken = RSA.sign(RAW).replace(b"bh=", b"bh=AAAA", 1)
    assert checked(ED.sign(broken)) == [SIGNED]
    both = [fact.kind for fact in checked(OTHER.sign(RAW.replace(b"Dear", b"D"))
                                          .replace(b"D  Bob", b"X  Bob"))]  # fmt: skip
    assert both == [FactKind.SIGNATURE_BROKEN]
    several = OTHER.sign(RSA.sign(RAW).replace(b"Hello", b"Hullo"))
    assert [fact.kind for fact in checked(several)] == [
        FactKind.SIGNATURE_BROKEN,
        FactKind.SIGNED_FOR_OTHER,
    ]


def test_in_part() -> None:
    raw = RSA.sign(RAW, length=4)
    (fact,) = checked(raw + b"and more, by somebody else")
    assert (fact.kind, fact.weight) == (FactKind.SIGNED_IN_PART, Weight.CAUTION)
    assert fault(RSA.sign(RAW, length=999_999)) == SignatureFault.TEXT_CHANGED.value


def test_expired() -> None:
    raw = RSA.sign(RAW, more=" t=1; x=500;")
    late = ("example.org", SignatureFault.EXPIRED.value)
    expired = SenderFact(FactKind.SIGNATURE_BROKEN, Weight.NOTE, late)
    assert checked(raw) == [expired]
    assert checked(raw, now=400.0) == [SIGNED]
    # What came in time stays good, what came late does not become so.
    assert checked(raw, came=400.0) == [SIGNED]
    assert checked(raw, came=600.0, now=400.0) == [expired]
    assert checked(raw, {}) == [expired]
    assert fault(raw.replace(b"Hello", b"Hallo")) == SignatureFault.HEADER_CHANGED.value
    assert fault(raw.replace(b"Dear", b"Deer")) == SignatureFault.TEXT_CHANGED.value


def test_keys() -> None:
    raw = RSA.sign(RAW)

    def record(text: str) -> dict[tuple[str, str], list[str]]:
        return {RSA.record_name: [zone_text(text)]}

    assert fault(raw, {}) == SignatureFault.NO_KEY.value
    assert fault(raw, record("v=DKIM1; p=")) == SignatureFault.WITHDRAWN.value
    assert fault(raw, record("v=DKIM2; p=AAAA")) == SignatureFault.BAD_KEY.value
    assert fault(raw, record("v=DKIM1; p=!!!!")) == SignatureFault.BAD_KEY.value
    assert fault(raw, record(f"k=ed25519; p={ED.public}")) == SignatureFault.BAD_KEY.value
    assert fault(raw, record(f"s=tlsrpt; p={RSA.public}")) == SignatureFault.BAD_KEY.value
    assert fault(raw, record(f"h=sha1; p={RSA.public}")) == SignatureFault.BAD_KEY.value
    junk = base64.b64encode(b"x" * 200).decode()
    assert fault(raw, record(f"p={junk}")) == SignatureFault.BAD_KEY.value
    assert fault(raw, record(f"p={OTHER.public}")) == SignatureFault.HEADER_CHANGED.value
    assert checked(raw, record(f"p={RSA.public}")) == [SIGNED]
    # Another record at the name is no harm.
    two = {RSA.record_name: [zone_text("v=spf1 -all"), RSA.record]}
    assert checked(raw, two) == [SIGNED]
    # Only for the domain itself.
    assert fault(RSA.sign(RAW, more=" i=@sub.example.org;"), record(f"t=s; p={RSA.public}")) == (
        SignatureFault.BAD_KEY.value
    )
    assert checked(RSA.sign(RAW, more=" i=@sub.example.org;")) == [SIGNED]


def test_short_keys() -> None:
    # DER of an RSA key of 512 bits.
    modulus = (b"\x02\x41\x00" + b"\xc1" * 64) + b"\x02\x03\x01\x00\x01"
    short = base64.b64encode(b"\x30" + bytes((len(modulus),)) + modulus).decode()
    records = {RSA.record_name: [zone_text(f"p={short}")]}
    assert fault(RSA.sign(RAW), records) == SignatureFault.SHORT_KEY.value


def test_sha1_is_refused_without_asking() -> None:
    with Names(KEYS) as names:
        raw = RSA.sign(RAW, algorithm="rsa-sha1")
        made = Signatures(lambda _: raw, NameServer(names.place))
        (fact,) = made.check(MessageId(1))
        assert fact.values == ("example.org", SignatureFault.SHA1.value)
        assert names.asked == []


def test_only_the_key_is_asked_for() -> None:
    with Names(KEYS) as names:
        Signatures(lambda _: RSA.sign(RAW), NameServer(names.place)).check(MessageId(1))
        assert names.asked == [RSA.record_name]


def test_no_answer() -> None:
    with Names(KEYS, silent=True) as names:
        server = NameServer(names.place, timeout_s=0.2)
        with pytest.raises(Offline, match="name server"):
            Signatures(lambda _: RSA.sign(RAW), server).check(MessageId(1))
        # What can be said without it is said.
        mixed = OTHER.sign(RSA.sign(RAW).replace(b"Dear", b"Deer"))
        facts = Signatures(lambda _: mixed, server).check(MessageId(1))
        assert [fact.kind for fact in facts] == [
            FactKind.SIGNATURE_BROKEN,
            FactKind.SIGNATURE_UNCHECKED,
        ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"v=1;", b"v=2;"),
        (b"v=1;", b""),
        (b"v=1;", b"v=1; v=1;"),
        (b"a=rsa-sha256", b"a=rsa-md5"),
        (b"h=from:", b"h="),
        (b"d=example.org", b"d=exa mple.org"),
        (b"s=s1;", b"s=s 1/;"),
        (b"s=s1;", b"s=" + b"a" * 300 + b";"),
        (b"c=relaxed/relaxed", b"c=other/relaxed"),
        (b"v=1;", b"v=1; l=-1;"),
        (b"v=1;", b"v=1; l=" + b"9" * 5000 + b";"),
        (b"v=1;", b"v=1; x=soon;"),
        (b"v=1;", b"v=1; i=@evil.example;"),
        (b"v=1;", b"v=1; q=http;"),
        (b"bh=", b"bh=~"),
    ],
)
def test_written_wrong(old: bytes, new: bytes) -> None:
    raw = RSA.sign(RAW)
    assert old in raw
    with Names(KEYS) as names:
        made = Signatures(lambda _: raw.replace(old, new, 1), NameServer(names.place))
        (fact,) = made.check(MessageId(1))
        assert fact.values[1] == SignatureFault.WRITTEN_WRONG.value
        assert names.asked == []


def test_bare_line_ends_are_as_signed() -> None:
    assert checked(RSA.sign(RAW).replace(b"\r\n", b"\n")) == [SIGNED]


def test_examples_of_rfc_6376() -> None:
    # 3.4.5
    assert canonical_field(b"A", b" X\r\n", "relaxed") == b"a:X\r\n"
    assert (
        canonical_field(b"B ", b" Y\t\r\n\tZ  \r\n", "relaxed").replace(b"b ", b"b") == b"b:Y Z\r\n"
    )
    body = b" C \r\nD \t E\r\n\r\n\r\n"
    assert canonical_body(body, "relaxed") == b" C\r\nD E\r\n"
    assert canonical_body(body, "simple") == b" C \r\nD \t E\r\n"
    assert canonical_body(b"", "simple") == b"\r\n"
    assert canonical_body(b"", "relaxed") == b""
    assert canonical_body(b" \r\n\r\n", "relaxed") == b""
    assert tag_list(b" a = b ;\r\n c= d\r\n e; ") == {"a": "b", "c": "d e"}


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    for block in (raw, b"DKIM-Signature: " + raw, b"DKIM-Signature: v=1; d=a.b; " + raw):
        signatures(block)
    key_of(raw)


@settings(max_examples=50)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
def test_any_change_of_a_signed_message(place: int, junk: bytes) -> None:
    place %= len(SEALED)
    changed = SEALED[:place] + junk + SEALED[place + len(junk) :]
    with Names(KEYS) as names:
        for fact in Signatures(lambda _: changed, NameServer(names.place)).check(MessageId(1)):
            assert sentence_of(fact).isprintable()


SEALED = RSA.sign(RAW)


@pytest.mark.parametrize("unit", [b" ", b"\t \r", b"\r\n", b"; ", b"a=b;", b"h:", b"\n "])
def test_long_ones_end(unit: bytes) -> None:
    long = unit * (2_000_000 // len(unit))
    signatures(b"DKIM-Signature: v=1; a=rsa-sha256; d=a.b; s=s; h=from; bh=AA==; b=" + long)
    raw = RSA.sign(b"From: a@example.org\r\n\r\n" + long + b"x")
    assert signatures(raw)[0].body_fits  # were it quadratic, this would take hours
