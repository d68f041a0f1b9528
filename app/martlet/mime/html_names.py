"""The elements and attributes of HTML that mail may use, by name, and those that go whole."""

from __future__ import annotations

TAGS = frozenset(
    {
        "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big",
        "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
        "details", "dfn", "dir", "div", "dl", "dt", "em", "figcaption", "figure", "font",
        "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img",
        "ins", "kbd", "li", "main", "mark", "menu", "nav", "nobr", "ol", "p", "pre", "q", "rp",
        "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
        "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt",
        "u", "ul", "var", "wbr",
    }
)  # fmt: skip
# They go with all that is in them
DROPPED = frozenset(
    {
        "applet", "audio", "base", "canvas", "embed", "frame", "frameset", "head", "iframe",
        "link", "math", "meta", "noembed", "noframes", "noscript", "object", "param",
        "plaintext", "script", "select", "style", "svg", "template", "textarea", "title",
        "video", "xml", "xmp",
    }
)  # fmt: skip
_EVERYWHERE = {
    "align", "alt", "aria-hidden", "aria-label", "aria-level", "background", "bgcolor", "border",
    "bordercolor", "cellpadding", "cellspacing", "class", "clear", "color", "colspan",
    "datetime", "dir", "face", "frame", "headers", "height", "hspace", "id", "lang", "name",
    "noshade", "nowrap", "reversed", "role", "rowspan", "rules", "scope", "size", "span",
    "start", "style", "summary", "title", "type", "valign", "value", "vspace", "width",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src"},
    "details": {"open"},
}
# For nh3, which asks about a whole document; `href` and `src` are looked at one by one
SCHEMES = frozenset(
    {
        "http", "https", "mailto", "tel", "ftp", "sms", "xmpp", "news", "data", "cid",
        "martlet-part",
    }
)  # fmt: skip
# What would be loaded, or gone to, by the attributes of elements that are left out
LOADERS: dict[str, tuple[str, ...]] = {
    "applet": ("code", "archive"),
    "audio": ("src",),
    "bgsound": ("src",),
    "embed": ("src",),
    "feimage": ("href", "xlink:href"),
    "form": ("action",),
    "frame": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src", "href", "xlink:href"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
