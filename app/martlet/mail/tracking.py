"""Addresses of links without what only tells who followed them. Pure text, nothing is asked."""

from __future__ import annotations

import re

_MAX = 20_000
# Names of query parameters that campaigns add; the page is the same without them.
_PREFIXES = (
    "utm_", "mc_", "mkt_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "vero_", "oly_", "trk_",
    "ml_subscriber", "dm_i_", "_bta_", "elqtrack", "sc_src_", "at_custom", "stm_",
)  # fmt: skip
_NAMES = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "yclid", "twclid",
        "ttclid", "igshid", "igsh", "li_fat_id", "epik", "rdt_cid", "scid", "irclickid",
        "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "_ke", "_kx",
        "mkt_tok", "elqtrackid", "elqaid", "elqat", "elqcampaignid", "s_cid", "s_kwcid",
        "ck_subscriber_id", "sc_cid", "sc_eh", "sc_lid", "sc_uid", "dm_i", "_openstat", "ysclid",
        "spm", "scm", "spm_id_from", "share_source", "share_medium", "vd_source", "trackingid",
        "trk", "trkemail", "midtoken", "otptoken", "lipi", "wickedid", "mibextid",
        "_branch_match_id",
        "guccounter", "guce_referrer", "guce_referrer_sig", "ref_src", "ref_url", "bxid", "cndid",
        "esrc", "rb_clickid", "cvid", "ocid", "wt_mc", "wt.mc_id", "wtrid", "et_rid", "et_cid",
        "mindbox-click-id", "mindbox-message-key", "sms_click", "sms_source", "sms_uph",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"https?://[^/?#]+[^?#]*\?", re.IGNORECASE)


def without_tracking(url: str) -> str:
    """The http or https address without parameters known to track; any other text as it is.

    What stays keeps its order and its writing. A parameter of the fragment goes as well, where
    the fragment is nothing but parameters.
    """
    if len(url) > _MAX:
        return url
    before, hash_, fragment = url.partition("#")
    if "=" in fragment and "/" not in fragment and url[:4].lower() == "http":
        fragment = _kept(fragment)
    if _ADDRESS.match(before):
        path, _, query = before.partition("?")
        query = _kept(query)
        before = f"{path}?{query}" if query else path
    return f"{before}{hash_}{fragment}" if fragment or not hash_ else before


def _kept(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if not _tracks(pair))


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    # An unclosed HTML entity leaves this before the name
    name = name.removeprefix("amp;")
    return name in _NAMES or name.startswith(_PREFIXES)
