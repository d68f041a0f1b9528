"""The colours of the program by what they are for, once for light and once for dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they are for, as #rrggbb.

    ground: chrome and folders; list: the message list; page: what is read; raised: menus, fields.
    text, text2, text3: from what must be read to what may be (all at least 4.5:1 on every ground).
    accent: the one accent; on_accent: text on it; soft: a selected row; hover: one pointed at.
    handle: of a scroll bar. found: behind words that were looked for. tags: the five that all
    know, then those of others.
    """

    dark: bool
    ground: str
    list: str
    page: str
    raised: str
    line: str
    text: str
    text2: str
    text3: str
    accent: str
    on_accent: str
    soft: str
    soft_quiet: str
    hover: str
    handle: str
    star: str
    danger: str
    warn_ground: str
    warn_text: str
    found: str
    quotes: tuple[str, ...]
    avatars: tuple[str, ...]
    tags: tuple[str, ...]


LIGHT = Tokens(
    dark=False,
    ground="#f1f2f5",
    list="#fafafb",
    page="#ffffff",
    raised="#ffffff",
    line="#e0e2e8",
    text="#1a1d24",
    text2="#4f5665",
    text3="#5f6675",
    accent="#2759c4",
    on_accent="#ffffff",
    soft="#dfe8fa",
    soft_quiet="#e8eaef",
    hover="#eff1f5",
    handle="#c2c6d0",
    star="#b98200",
    danger="#b3261e",
    warn_ground="#fdf3d8",
    warn_text="#604600",
    found="#ffe28a",
    quotes=("#2f6a4f", "#7a4b94", "#8a4f16", "#2a6a85"),
    avatars=(
        "#3f6fc4",
        "#2f7d6b",
        "#8a5aa8",
        "#b0583a",
        "#3a7d95",
        "#a8466b",
        "#6b7a2c",
        "#5a62b0",
    ),
    tags=(
        "#b3261e",
        "#96500a",
        "#1d6b37",
        "#2759c4",
        "#7637a0",
        "#0f666d",
        "#7d4a2c",
        "#9c2a66",
    ),
)

DARK = Tokens(
    dark=True,
    ground="#191b20",
    list="#1e2026",
    page="#23262d",
    raised="#2b2f37",
    line="#343841",
    text="#e7e9ee",
    text2="#b1b7c3",
    text3="#a3a9b8",
    accent="#86acff",
    on_accent="#0e1526",
    soft="#2c3b5c",
    soft_quiet="#30343d",
    hover="#292c34",
    handle="#4b515e",
    star="#f0c04a",
    danger="#ff8a80",
    warn_ground="#3b3320",
    warn_text="#f3dc9e",
    found="#54430f",
    quotes=("#8fceb0", "#cfa8e4", "#e6b57e", "#8cc7de"),
    avatars=(
        "#4f75bb",
        "#3e8070",
        "#8c66a7",
        "#a96246",
        "#477d91",
        "#af5879",
        "#6e7b39",
        "#6971b3",
    ),
    tags=(
        "#ff8a80",
        "#f2b066",
        "#82d69d",
        "#86acff",
        "#d0a5f2",
        "#72d1d8",
        "#dcae90",
        "#f59ac7",
    ),
)
