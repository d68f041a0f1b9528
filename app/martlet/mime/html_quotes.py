"""Where the mail that an HTML message quotes begins, and folding it without script.

Each mail program marks its quotes in a way of its own; those of Gmail, Outlook, Apple Mail,
Thunderbird, Yahoo, Proton, QQ, Foxmail and NetEase are known here. What comes last and is quoted
lies in closed <details>; a quote that is answered below stays, unless it is very long. A message
that is nothing but a quote, and mail passed on, stay open.

Two steps: `mark` puts marks into a tree before it is cleaned, `fold` makes elements of them after.
Marks that did not all come through unharmed are taken out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

FOLD_CLASS = "martlet-quote"
LINE_CLASS = "martlet-quote-line"
_WHOLE = (
    ".gmail_quote, .yahoo_quoted, [id^=yahoo_quoted], .protonmail_quote, .tutanota_quote, "
    ".zmail_extra, #isReplyContent, includetail, .ntes-mailmaster-quote, "
    "#mail-editor-reference-message-container, "
    "blockquote[type=cite], blockquote[cite], .moz-forward-container, #isForwardContent, "
    ".mail_quote, .replymail"
)
_TAIL = (
    "#divRplyFwdMsg, #appendonsend, #OLK_SRC_BODY_SECTION, [style*=border-top], "
    ".OutlookMessageHeader"
)
_HEADER = re.compile(
    r"\s*(?:from|von|de|da|van|från|fra|od|от|发件人|寄件者|寄件人|差出人|보낸 사람)\s*[:：]",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*-{3,}\s*(?:original message|ursprüngliche nachricht|message d[’']origine|"
    r"mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|"
    r"original meddelande|oprindelig meddelelse|исходное сообщение|原始邮件|原始郵件|原邮件|"
    r"邮件原件|回复的原邮件|元のメッセージ|original|원본 메일|원본 메시지)\s*-{3,}\s*\Z",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"\s*(?:-{2,}\s*)?(?:begin forwarded message|forwarded message|weitergeleitete nachricht|"
    r"message transféré|转发的?邮件|轉寄郵件|転送メッセージ|mensaje reenviado|messaggio inoltrato|"
    r"пересылаемое сообщение)",
    re.IGNORECASE,
)
# One by one: a pattern of all of them, without regard to case, takes fifty times as long.
_HINTS = (
    "blockquote", "gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote",
    "zmail_extra", "isreplycontent", "includetail", "ntes-", "divrplyfwdmsg", "appendonsend",
    "olk_src", "border-top", "----", "outlookmessageheader", "mail_quote", "replymail",
    "reference-message",
)  # fmt: skip
_BOUND = "\ue0f1"
_FOLD, _OPEN, _END = (f"{_BOUND}{kind}{_BOUND}" for kind in ("fold", "open", "end"))
_MARK = re.compile(f"{_BOUND}(fold|open|end){_BOUND}")
_IN_A_TAG = re.compile(f"<[^<>]*{_BOUND}")
_HEADS = frozenset({"divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION"})
_DASHES = re.compile(r"-{3}")
_NO_PARENTS = frozenset({"p", "table", "tbody", "thead", "tfoot", "tr", "colgroup", "html", "a"})
_FEW = 120
_MANY = 2_500
_NOTHING = 2
_ATTRIBUTION = 160
_MAX_TRIED = 30
_MAX_AFTER = 20_000
_MAX_TEXT = 3_000_000


def _hinted(html: str) -> bool:
    folded = html.lower()
    return any(hint in folded for hint in _HINTS)


def mark(tree: LexborHTMLParser, html: str) -> bool:
    """Marks what is to be folded in a tree of `html`; whether there is anything."""
    body = tree.body
    if body is None or not _hinted(html):
        return False
    whole = _visible(body)
    # Nor where somebody writes our marks
    if whole > _MAX_TEXT or _BOUND in (body.text() or ""):
        return False
    found: list[tuple[LexborNode, bool, bool]] = []
    taken: set[int] = set()
    folded = 0
    for node, tail in islice(_starts(body, html), _MAX_TRIED):
        parent = node.parent
        if parent is None or parent.tag in _NO_PARENTS or _inside(node, taken):
            continue
        following = list(islice(_after(node), _MAX_AFTER)) if tail else []
        size = _visible(node) + sum(map(_visible, following))
        ends = tail or not _followed(node, body)
        if size < (_FEW if ends else _MANY) or _answered_inside(node):
            continue
        folded += size
        taken.add(node.mem_id)
        taken.update(each.mem_id for each in following)
        found.append((node, tail, _PASSED_ON.match(_start(node)) is not None))
    for node, tail, passed_on in found:
        stays_open = passed_on or whole - folded < _NOTHING
        node.insert_before(_OPEN if stays_open else _FOLD)
        if tail and node.parent is not None:
            node.parent.insert_child(_END)
        else:
            node.insert_after(_END)
    return bool(found)


def fold(html: str) -> str:
    """Cleaned markup with elements where the marks are; without the marks if they do not pair."""
    kinds = [match[1] for match in _MARK.finditer(html)]
    paired = all((kind == "end") == bool(at % 2) for at, kind in enumerate(kinds))
    # Ours stand between tags; one in an attribute is the sender's, and would end it
    if not kinds or len(kinds) % 2 or not paired or _IN_A_TAG.search(html):
        return _MARK.sub("", html)
    return _MARK.sub(_element, html)


def _element(match: re.Match[str]) -> str:
    if match[1] == "end":
        return "</details>"
    opened = " open" if match[1] == "open" else ""
    return f'<details class="{FOLD_CLASS}"{opened}><summary class="{LINE_CLASS}"></summary>'


def _starts(body: LexborNode, html: str) -> Iterator[tuple[LexborNode, bool]]:
    """(where a quote begins, whether it goes on to the end of what it is in)."""
    seen: set[int] = set()
    for node in body.css(_WHOLE):
        if node.mem_id not in seen:  # one that several selectors find comes several times
            seen.add(node.mem_id)
            yield node, False
    for node in body.css(_TAIL):
        if node.id in _HEADS or _HEADER.match(_start(node)):
            yield _outermost(node, body), True
    if _DASHES.search(html):
        for node in body.traverse(include_text=True):
            if node.tag == "-text" and _SEPARATOR.match(node.text_content or ""):
                yield _outermost(node, body), True


def _outermost(node: LexborNode, body: LexborNode) -> LexborNode:
    """The largest element that holds nothing but this."""
    size = _visible(node)
    while True:
        parent = node.parent
        if parent is None or parent.mem_id == body.mem_id or _visible(parent) != size:
            return node
        node = parent


def _inside(node: LexborNode, taken: set[int]) -> bool:
    above: LexborNode | None = node
    while taken and above is not None:
        if above.mem_id in taken:
            return True
        above = above.parent
    return False


def _after(node: LexborNode) -> Iterator[LexborNode]:
    following = node.next
    while following is not None:
        yield following
        following = following.next


def _followed(node: LexborNode, body: LexborNode) -> bool:
    """Whether words stand behind it."""
    above: LexborNode | None = node
    while above is not None and above.mem_id != body.mem_id:
        if any(_visible(each) >= _NOTHING for each in islice(_after(above), _MAX_AFTER)):
            return True
        above = above.parent
    return False


def _answered_inside(node: LexborNode) -> bool:
    """Whether it holds an answer beside the quotes in it (Gmail, when one writes below)."""
    if node.tag == "blockquote" or _PASSED_ON.match(_start(node)):
        return False
    inner = [each for each in node.css("blockquote") if not _within(each, node)]
    beside = _visible(node) - sum(map(_visible, inner[:_MAX_TRIED]))
    return bool(inner) and beside > _ATTRIBUTION


def _within(inner: LexborNode, outer: LexborNode) -> bool:
    """Whether another blockquote lies between the two."""
    above = inner.parent
    while above is not None and above.mem_id != outer.mem_id:
        if above.tag == "blockquote":
            return True
        above = above.parent
    return False


def _start(node: LexborNode) -> str:
    return " ".join(_text(node)[:_MANY].split())[:200]


def _visible(node: LexborNode) -> int:
    return len("".join(_text(node).split()))


def _text(node: LexborNode) -> str:
    return (node.text_content if node.tag == "-text" else node.text()) or ""
