"""Pictures that only tell the sender that somebody reads: what they look like, who sends them.

The tables are knowledge of how mailings are counted: the addresses that the large senders' pixels
have, and what such addresses are called elsewhere. What is too small to be seen is told by its
size, unless it is one of those empty pictures that hold a layout apart.
"""

from __future__ import annotations

import re

# Hosts that do nothing else, with all below them
_HOSTS = frozenset(
    {
        "awstrack.me", "bl-1.com", "email81.com", "emltrk.com", "everestengagement.com",
        "google-analytics.com", "hubspotlinks.com", "mailfoogae.appspot.com", "mailstat.us",
        "mailtrack.io", "mltrk.io", "openrate.aweber.com", "open.pstmrk.it",
        "r.superhuman.com", "count.mail.163.com", "sctrack.sendcloud.net",
        "tracking.cirrusinsight.com", "track.mixmax.com", "t.yesware.com", "eotrx.substackcdn.com",
        "pixel.monitor1.returnpath.net", "doubleclick.net", "demdex.net", "2o7.net",
        "omtrdc.net", "scorecardresearch.com", "quantserve.com", "sidekickopen.com",
        "mucp.api.account.microsoft.com",
        "open.convertkit-mail.com", "open.convertkit-mail2.com", "open.convertkit-mail4.com",
        "opens.responder.co.il", "pixel.mailpanion.com", "mailtracker.hunter.io", "bananatag.com",
        "getnotify.com", "didtheyreadit.com", "readnotify.com", "whoreadme.com",
        "contactmonkey.com",
        "tracker.gmass.co", "gml.email", "opn.to", "tracedm.aliyuncs.com", "tracking.dm.aliyun.com",
    }
)  # fmt: skip

# (host and what lies below it, "" for any host; what its path and query look like)
_KNOWN: tuple[tuple[str, str], ...] = (
    ("list-manage.com", r"/track/open"),  # Mailchimp
    ("mandrillapp.com", r"/track/open"),
    ("", r"/wf/open\?"),  # SendGrid, under any name
    ("sendgrid.net", r"/(?:wf/)?open"),
    ("hubspotemail.net", r"/e[23]t/"),
    ("", r"/e[23]t/(?:o|to|cto)/"),  # HubSpot, under the customer's name
    ("hubspot.com", r"/__ptq\.gif"),
    ("", r"/o/eJ[\w-]{20,}"),  # Mailgun: zlib in base64
    ("pstmrk.it", r"/open"),  # Postmark
    ("", r"/q/[\w~-]{8,}~~"),  # SparkPost
    ("mjt.lu", r"/oo/"),  # Mailjet
    ("", r"/oo/[\w-]{4,}/[\w-]{4,}/e\.gif"),
    ("", r"/(?:mk|tr)/op/"),  # Brevo, once Sendinblue
    ("klaviyomail.com", r"/o"),
    ("klclick.com", r"/o"),
    ("klclick1.com", r"/o"),
    ("klclick2.com", r"/o"),
    ("klclick3.com", r"/o"),
    ("", r"/open\.aspx\?"),  # Salesforce Marketing Cloud
    ("exct.net", r"/open"),
    ("salesforce.com", r"/servlet/servlet\.imageserver\?.*esid="),
    ("force.com", r"/servlet/servlet\.imageserver\?.*esid="),
    ("pardot.com", r"/.*open"),
    ("", r"/trk\?t="),  # Marketo
    ("substack.com", r"/o/"),
    ("convertkit-mail.com", r"/o(?:pen)?/"),
    ("convertkit-mail2.com", r"/o(?:pen)?/"),
    ("", r"/t/[\w/-]+/o\.gif"),  # Campaign Monitor
    ("rs6.net", r"/on\.jsp"),  # Constant Contact
    ("getresponse.com", r"/open\.html"),
    ("", r"/lt\.php\?.*\bl=open"),  # ActiveCampaign
    ("intercom.io", r"/o"),
    ("intercom-mail.com", r"/(?:via/)?o"),
    ("", r"/e/o/[\w=-]{20,}"),  # Customer.io
    ("", r"/e/eo\?"),  # Iterable
    ("", r"/api/mailings/opened"),  # Outreach
    ("salesloft.com", r"/email_trackers"),
    ("close.com", r"/email_opened"),
    ("facebook.com", r"/(?:email_open_log_pic\.php|tr\b)"),
    ("linkedin.com", r"/emimp/"),
    ("twitter.com", r"/scribe/ibis"),
    ("x.com", r"/scribe/ibis"),
    ("github.com", r"/notifications/beacon/"),
    ("medium.com", r"/_/stat"),
    ("google.com", r"/appserve/mkt/img/"),
    ("", r"/pub/as\?_ri_="),  # Responsys
    ("en25.com", r"/e/footerimages/"),  # Eloqua
    ("", r"/e/footerimages/footerimage"),
    ("sendcloud.net", r"/track/"),
    ("sendcloud.org", r"/track/"),
    ("aliyuncs.com", r"/.*(?:trace|track).*open"),
    ("aliyun.com", r"/.*trace"),
    ("163.com", r"/beacon/"),
    ("126.com", r"/beacon/"),
    ("qq.com", r"/.*(?:mailread|readreceipt|mail_open|emailopen)"),
    ("", r"/__utm\.gif"),
    ("", r"/ptrack|/mailtrack|/trackopen|/track(?:ing)?/(?:email/)?open"),
    ("", r"/email[_/-]?open(?:ed)?\b|/open[_-]?(?:track|pixel|log)"),
)
# What a picture at such an address shows is nothing; unless its size says that it does
_USUAL = re.compile(
    r"/(?:pixel|beacon|track(?:er|ing)?|impression|imp|open(?:ed)?|1x1|blank_pixel)"
    r"(?:\.(?:gif|png|php|aspx?|jsp|ashx))(?:\?|\Z)|/(?:open|opened|beacon|pixel|track)/?\?"
    r"|/[otbp]\.(?:gif|png|php|aspx?|jsp|ashx)\?"
    r"|[?&](?:track|event|action|type|e)=(?:email_?)?open",
    re.IGNORECASE,
)
_SPACER = re.compile(
    r"/[\w-]*(?:spacer|blank|clear|transparent|trans|shim|dot|empty|space|pixel_?trans)[\w-]*"
    r"\.(?:gif|png)\Z",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[0-9a-f]{16,}|[\w-]{32,}", re.IGNORECASE)


def _compiled() -> tuple[dict[str, re.Pattern[str]], re.Pattern[str]]:
    by_host: dict[str, list[str]] = {}
    for host, pattern in _KNOWN:
        by_host.setdefault(host, []).append(pattern)
    anywhere = re.compile("|".join(by_host.pop("")), re.IGNORECASE)
    known = {host: re.compile("|".join(found), re.I) for host, found in by_host.items()}
    return known, anywhere


_BY_HOST, _ANYWHERE = _compiled()
_MAX_URL = 8_000


def known(url: str) -> bool:
    """Whether the address (absolute) is one at which senders count who reads."""
    host, rest = _split(url)
    for name in _and_above(host):
        if name in _HOSTS:
            return True
        pattern = _BY_HOST.get(name)
        if pattern is not None and pattern.match(rest):
            return True
    return _ANYWHERE.search(rest) is not None


def usual(url: str) -> bool:
    """Whether the address is called as such pictures are, on any host."""
    return _USUAL.search(_split(url)[1]) is not None


def spacer(url: str) -> bool:
    """Whether it is called as the empty pictures are that hold a layout apart, with no token."""
    rest = _split(url)[1]
    return _SPACER.search(rest) is not None and _TOKEN.search(rest) is None


def _split(url: str) -> tuple[str, str]:
    after = url[:_MAX_URL].partition("#")[0].partition("://")[2]
    place = re.match(r"[^/?]*", after)
    authority = place[0] if place is not None else ""
    host = authority.rpartition("@")[2].partition(":")[0]
    return host.rstrip(".").lower(), after[len(authority) :]


def _and_above(host: str) -> list[str]:
    labels = host.split(".")[-6:]
    return [".".join(labels[at:]) for at in range(len(labels) - 1)]
