"""Slips of the finger in the domains that many people write to: "gmial.com", "163.con"."""

from __future__ import annotations

from functools import cache

# Those most people have their mail at. Not a list of what is right: others are just not known.
_NAMES = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com"
    " mac.com aol.com proton.me protonmail.com fastmail.com zoho.com gmx.de gmx.net gmx.at gmx.ch"
    " web.de t-online.de freenet.de posteo.de mailbox.org yahoo.de hotmail.de outlook.de orange.fr"
    " wanadoo.fr free.fr laposte.net sfr.fr yahoo.fr hotmail.fr libero.it virgilio.it tiscali.it"
    " hotmail.it yahoo.it hotmail.es yahoo.es terra.es sapo.pt uol.com.br terra.com.br bol.com.br"
    " yahoo.com.br hotmail.co.uk yahoo.co.uk btinternet.com sky.com comcast.net verizon.net att.net"
    " sbcglobal.net bellsouth.net cox.net charter.net ziggo.nl kpnmail.nl hetnet.nl xs4all.nl"
    " planet.nl telenet.be skynet.be bluewin.ch telia.com seznam.cz centrum.cz wp.pl onet.pl o2.pl"
    " interia.pl mail.ru yandex.ru rambler.ru bk.ru list.ru inbox.ru ukr.net qq.com foxmail.com"
    " 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com 21cn.com"
    " yahoo.com.tw yahoo.com.hk pchome.com.tw naver.com hanmail.net daum.net yahoo.co.jp"
    " docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com"
)
_KNOWN = tuple(_NAMES.split())
# Right as they are, though near to one of those.
_FINE = (
    "mail.com email.com ymail.com rocketmail.com gmx.com gmx.fr gmx.us gmx.co.uk gmx.eu gmx.es"
    " gmx.it live.de live.fr live.nl live.it live.co.uk live.cn live.se live.dk live.no live.be"
    " me.de mac.de web.com free.com sky.de o2.de o2.com wp.com list.com bk.com inbox.com inbox.lv"
    " qq.cn 163.net 126.cn 188.com yahoo.cn yahoo.ca yahoo.in yahoo.se yahoo.pl yahoo.gr yahoo.ie"
    " yahoo.at yahoo.ro yahoo.no yahoo.dk yahoo.cz yahoo.fi yahoo.be yahoo.nl yahoo.com.au"
    " yahoo.com.ar yahoo.com.mx yahoo.com.cn yahoo.com.sg yahoo.com.vn yahoo.co.in yahoo.co.nz"
    " yahoo.co.kr yahoo.co.id yahoo.co.za hotmail.nl hotmail.be hotmail.se hotmail.no hotmail.dk"
    " hotmail.ca hotmail.ch hotmail.gr hotmail.pt outlook.fr outlook.es outlook.it outlook.pt"
    " outlook.at outlook.be outlook.cz outlook.dk outlook.ie outlook.sa outlook.cl outlook.in"
    " outlook.jp outlook.kr outlook.sg outlook.co.th outlook.com.br outlook.com.au gmail.co"
    " icloud.de sina.com.cn vip.qq.com vip.163.com sina.net sfr.com orange.com orange.es orange.pl"
    " telia.se planet.de planet.com terra.com terra.cl nifty.ne.jp skynet.com proton.com"
    " 263.com 263.net 169.com 188.cn 189.com zoho.eu zoho.in fastmail.fm"
    " fastmail.cn fastmail.de freenet.com posteo.net posteo.eu posteo.org posteo.at"
)
_OTHERS = frozenset(_FINE.split())


def suggestion(address: str) -> str:
    """The address as it was probably meant, or "" if nothing looks wrong with it."""
    local, at, domain = address.rpartition("@")
    domain = domain.casefold().rstrip(".")
    meant = _meant(domain) if at and local and len(domain) <= 30 and domain.isascii() else ""
    return f"{local}@{meant}" if meant else ""


@cache
def _meant(domain: str) -> str:
    if domain in _KNOWN or domain in _OTHERS:
        return ""
    return next((known for known in _KNOWN if _slip(domain, known)), "")


def _slip(typed: str, known: str) -> bool:
    """One letter too many, too few, another, or two in the wrong order; the name not too short.

    Of short names ("qq.com", "gmx.de") only the end after the dot is looked at: what differs in
    the name itself is likely to be another.
    """
    if typed == known.replace(".", "") or typed == known.replace(".", ","):
        return True
    name, _, end = known.partition(".")
    typed_name, dot, typed_end = typed.partition(".")
    if not dot:
        return False
    if name == typed_name:
        # "gmail.de" is somebody else's and right; "gmail.con", "qq.co" and "163.cmo" are nobody's.
        return typed_end in _ENDS.get(end, ())
    if typed_end != end and not (end == "com" and typed_end in _COM):
        return False
    return len(name) >= 4 and not name.isdigit() and _one_off(typed_name, name)


_COM = frozenset(
    (
        "con",
        "cmo",
        "ocm",
        "om",
        "cm",
        "co",
        "comm",
        "cim",
        "vom",
        "xom",
        "coom",
        "ckm",
        "cpm",
        "conm",
        "come",
        "cok",
    )
)
_NET = frozenset(("ner", "nte", "ent", "met", "nett", "bet", "ne"))

_ENDS = {"com": _COM, "net": _NET}


def _one_off(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    at = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    if len(a) == len(b):
        swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
        return swapped or a[at + 1 :] == b[at + 1 :]
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[at + 1 :] == shorter[at:]
