"""What is quoted of HTML: without the signature of its writer, nested no deeper than it is read."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from martlet.mime.html_prune import TEXT, Nodes
from martlet.mime.nesting import too_deep

_SIGNATURES = (
    ".moz-signature, .gmail_signature, .gmail_signature_prefix, .protonmail_signature_block, "
    "#AppleMailSignature, #ms-outlook-mobile-signature, .k9mail-signature, #Signature"
)
_MARK = re.compile(r"\s*--[ \u00a0]\s*\Z")
_ANNOUNCES = re.compile(r"\S.{0,300}[:：]\s*\Z", re.DOTALL)
_MOST = 200


def prepared(html: str, *, signature: bool = False) -> str:
    """Markup to quote. html: as it was sent, to be cleaned afterwards. signature: it stays."""
    if too_deep(html):
        return html
    tree = LexborHTMLParser(html.replace("\x00", ""))
    nodes = Nodes(tree)
    for node in nodes.deep:
        node.unwrap()
    if not signature:
        named = [
            node
            for node in islice(tree.css(_SIGNATURES), _MOST)
            if node.mem_id not in nodes.quoted and node.css_first("blockquote") is None
        ]
        if named:
            for node in reversed(named):  # one may stand in another
                node.decompose()
            nodes = Nodes(tree)
        if _without_marked(nodes) or named:
            _without_blank_end(Nodes(tree))
    return tree.html or html


def _without_marked(nodes: Nodes) -> bool:
    """Takes out what stands from the mark of a signature (RFC 3676, 4.3) to the quotation below;
    answers whether there was one."""
    leaves = nodes.leaves
    start = None
    for number, node in enumerate(leaves):
        marked = node.tag == TEXT and _MARK.match(node.text_content or "")
        if marked and _is_line(node) and node.mem_id not in nodes.quoted:
            start = number
    if start is None:
        return False
    end = start
    while end < len(leaves) and leaves[end].mem_id not in nodes.quoted:
        end += 1
    if end < len(leaves):
        # The line that announces the quotation is none of the signature
        last = end
        while last > start + 1 and not (leaves[last - 1].text_content or "").strip():
            last -= 1
        if last > start + 1 and _ANNOUNCES.match(leaves[last - 1].text_content or ""):
            end = last - 1
    nodes.take_out(leaves[start:end])
    return True


def _without_blank_end(nodes: Nodes) -> None:
    """Takes out the empty lines that set off a signature which was the end of the letter."""
    leaves = nodes.leaves
    end = len(leaves)
    while end and _is_blank(leaves[end - 1]) and leaves[end - 1].mem_id not in nodes.quoted:
        end -= 1
    if end < len(leaves):
        nodes.take_out(leaves[end:])


def _is_blank(leaf: LexborNode) -> bool:
    return leaf.tag == "br" or (leaf.tag == TEXT and not (leaf.text_content or "").strip())


def _is_line(node: LexborNode) -> bool:
    """Whether no words stand beside it."""
    return not any(
        each is not None and each.tag == TEXT and (each.text_content or "").strip()
        for each in (node.prev, node.next)
    )
