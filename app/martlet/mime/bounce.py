"""Bounces in words: qmail's, Exim's, Exchange's and those of 163 and QQ mail, where they can be
read safely. Without the Message-ID of the mail returned it is none; where that stands only in
In-Reply-To, the recipients are those it mentions, and not certain.

Never raises.
"""

from __future__ import annotations

import re

from martlet.mail.report import Action, Fate, Report
from martlet.mime.addresses import parse_addresses
from martlet.mime.body import body
from martlet.mime.headers import Headers, parse_headers, parse_message_ids
from martlet.mime.part import Message
from martlet.mime.subjects import bare_subject
from martlet.mime.words import decode_text

_DAEMON = re.compile(
    rb"(?i)(?<![\w.+-])(?:mailer[-_]?daemon|mail[-_]?daemon|postmaster|maildelivery|"
    rb"microsoftexchange[0-9a-f]+)@"
)
_SUBJECT = re.compile(
    r"(?i)undeliver|failure notice|delivery (?:status|fail|has fail|delayed)|returned mail|"
    r"mail delivery|not delivered|could not be delivered|退信|投递失败|发送失败"
)
_DELAYED = re.compile(r"(?i)\bdelayed\b|^warning\b|延迟")
_QMAIL = re.compile(r"Hi\. This is the qmail-send program at ([\w.-]{1,255}?)\.?\s")
_QMAIL_CUT = re.compile(r"^--- Below this line is a copy of the message\.[ \t]*$", re.MULTILINE)
_QMAIL_ONE = re.compile(r"^<([^<>\s]{1,318}@[^<>\s]{1,255})>:\n((?:[^\n]+\n?){0,20})", re.MULTILINE)
_ID_LINE = re.compile(r"(?im)^Message-ID:\s*<[^<>\s]{1,900}>")
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.-])[45]\d\d[ -]")
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:'“”（）]{1,64}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9]")

MAX_TEXT = 200_000
MAX_FAILED = 100


def from_daemon(headers: Headers) -> bool:
    """Whether it says that a mail system wrote it."""
    return bool(_DAEMON.search(headers.get("from")[:2000]))


def in_words(message: Message, returned: Headers | None) -> Report | None:
    """What a bounce says that is no multipart/report. returned: the header it brings back."""
    text = body(message).text[:MAX_TEXT]
    qmail = _QMAIL.search(text[:4000])
    if qmail:
        return _qmail(text, qmail[1], returned)
    subject = decode_text(message.headers.get("subject"))
    failed = message.headers.get("x-failed-recipients")
    if not failed and not _SUBJECT.search(subject):
        return None
    returned = returned or _quoted(text)
    message_id = _message_id(returned)
    told = _named(failed) or _mentioned(text, returned)
    certain = bool(message_id and told)
    if not message_id:
        if bare_subject(subject) != subject.strip():
            return None  # a postmaster who answers
        # Some name the mail only as one names what one answers.
        ids = parse_message_ids(message.headers.get("in-reply-to"))
        message_id = ids[0] if len(ids) == 1 else ""
        told = told or list(dict.fromkeys(_ADDRESS.findall(text)))
    if not message_id:
        return None
    action = Action.DELAYED if _DELAYED.search(subject) and not failed else Action.FAILED
    fates = tuple(_fate(one, action, _about(text, one)) for one in told[:MAX_FAILED])
    return Report(message_id, "", fates, _domain(message), certain) if fates else None


def _qmail(text: str, host: str, returned: Headers | None) -> Report | None:
    """QSBMF (cr.yp.to/proto/qsbmf.txt): paragraphs "<address>:", then the message returned."""
    cut = _QMAIL_CUT.search(text)
    told, copy = (text[: cut.start()], text[cut.end() :]) if cut else (text, "")
    head = parse_headers(copy.lstrip().encode("utf-8", "replace")) if copy else returned
    message_id = _message_id(head)
    fates = tuple(
        _fate(match[1], Action.FAILED, match[2])
        for match in list(_QMAIL_ONE.finditer(told))[:MAX_FAILED]
    )
    return Report(message_id, "", fates, host) if fates and message_id else None


def _message_id(returned: Headers | None) -> str:
    ids = parse_message_ids(returned.get("message-id")) if returned is not None else ()
    return ids[0] if ids else ""


def _quoted(text: str) -> Headers | None:
    """The header that stands in the text, where only one does."""
    blocks = [block for block in text.split("\n\n") if _ID_LINE.search(block)]
    return parse_headers(blocks[0].encode("utf-8", "replace")) if len(blocks) == 1 else None


def _named(failed: bytes) -> list[str]:
    """Exim's X-Failed-Recipients."""
    found = (one.address for one in parse_addresses(failed[:40_000]) if "@" in one.address)
    return list(dict.fromkeys(found))


def _mentioned(text: str, returned: Headers | None) -> list[str]:
    """The recipients of the mail returned that the bounce speaks of."""
    if returned is None:
        return []
    to = [
        one.address
        for name in ("to", "cc")
        for raw in returned.get_all(name)
        for one in parse_addresses(raw)
        if "@" in one.address
    ]
    spoken = {found.casefold() for found in _ADDRESS.findall(text)}
    named = [one for one in dict.fromkeys(to) if one.casefold() in spoken]
    return named if named else list(dict.fromkeys(to)) if len(set(to)) == 1 else []


def _about(text: str, address: str) -> str:
    """The lines that follow the address: the reason, where there is one."""
    found = re.search(re.escape(address), text, re.IGNORECASE)
    after = text[found.end() :][:1500] if found else text[:1500]
    return after.split("\n\n\n")[0]


def _fate(address: str, action: Action, reason: str) -> Fate:
    code = _CODE.search(reason)
    said = ""
    for line in reason.split("\n"):
        if _CODE.search(line) or _REPLY.search(line):
            said = " ".join(line.split())
            break
    if not said:
        said = next((" ".join(line.split()) for line in reason.split("\n") if line.strip()), "")
    status = code[1] if code else ""
    wanted = "4" if action is Action.DELAYED else "5"
    return Fate(address, action, status if status[:1] == wanted else "", said[:300])


def _domain(message: Message) -> str:
    people = parse_addresses(message.headers.get("from"))
    return people[0].address.rpartition("@")[2] if people else ""
