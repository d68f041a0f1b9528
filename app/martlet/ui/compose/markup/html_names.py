"""The elements of HTML by what they do to lines."""

from __future__ import annotations

SKIPPED = frozenset(
    {
        "script", "style", "head", "title", "template", "noscript", "svg", "math", "iframe",
        "object", "select", "textarea", "audio", "video", "canvas", "xml", "datalist", "button",
    }
)  # fmt: skip
VOID = frozenset(
    {"br", "img", "hr", "input", "meta", "link", "col", "area", "base", "embed", "wbr", "source",
     "track", "param"}
)  # fmt: skip
BLOCKS = frozenset(
    {
        "div", "address", "article", "aside", "section", "header", "footer", "main", "nav",
        "center", "form", "fieldset", "dl", "dd", "dt", "figure", "figcaption", "body", "html",
        "details", "summary", "caption", "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre",
        "blockquote", "ul", "ol", "li", "table", "tbody", "thead", "tfoot", "tr", "td", "th",
        "menu", "dir", "legend", "hgroup",
    }
)  # fmt: skip
BREAKS_ITEM = frozenset(
    {"li", "ul", "ol", "menu", "dir", "table", "tr", "td", "th", "tbody", "thead", "tfoot",
     "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
)  # fmt: skip
SCOPE = frozenset({"table", "td", "th", ""})
ENDS_P = (frozenset({"p"}), SCOPE | BLOCKS - {"p"})
# What an opening tag ends by itself: (what it ends, up to where that is sought)
IMPLIED = {
    "li": (frozenset({"li"}), SCOPE | {"ul", "ol", "menu", "dir", "blockquote"}),
    "td": (frozenset({"td", "th"}), frozenset({"table", "tr", ""})),
    "th": (frozenset({"td", "th"}), frozenset({"table", "tr", ""})),
    "tr": (frozenset({"tr"}), frozenset({"table", ""})),
    "tbody": (frozenset({"tbody", "thead"}), frozenset({"table", ""})),
    "tfoot": (frozenset({"tbody", "thead"}), frozenset({"table", ""})),
    "dd": (frozenset({"dd", "dt"}), SCOPE | {"dl"}),
    "dt": (frozenset({"dd", "dt"}), SCOPE | {"dl"}),
    "option": (frozenset({"option"}), SCOPE),
}
