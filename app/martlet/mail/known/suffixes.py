"""Names below which strangers own names: what is sold with two labels, and who hosts whom.

Sources: the registries' own rules, the hosts' own pages. `registrable` reads it.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Under a country's two letters these are, nearly everywhere, sold and not owned.
USUAL = _words("ac co com edu gov mil net org gob gouv govt ltd or ne go sch")

# Countries (and endings like one) where such a label is an ordinary name that somebody owns.
FLAT = _words("at be ca ch cz de dk eu fi ie is li lt lu nl no sk us tv cc me io ai")

COUNTRY_EXTRA: dict[str, frozenset[str]] = {
    "at": _words("ac co gv or"),
    "au": _words("asn id"),
    "br": _words("adm adv art blog eco emp eng ind inf jus leg log med mus pro radio rec tur vet"),
    "ca": _words("qc on bc ab mb sk nb ns nl pe"),
    "cn": _words(
        "ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn sx tj"
        " tw xj xz yn zj"
    ),
    "es": _words("nom"),
    "fr": _words("asso nom prd presse tm"),
    "hk": _words("idv"),
    "hu": _words("info sport"),
    "id": _words("web my desa biz"),
    "il": _words("k12 muni idf"),
    "in": _words("firm gen ind nic res"),
    "jp": _words("ad ed gr lg"),
    "ke": _words("info me"),
    "kr": _words("pe re hs ms es"),
    "my": _words("name"),
    "nz": _words("geek gen kiwi maori iwi school cri health"),
    "pl": _words("biz info waw mazowsze gdansk krakow wroc pc sklep"),
    "pt": _words("nome int publ"),
    "ro": _words("info firm store www nom rec arts tm nt"),
    "rs": _words("in"),
    "ru": _words("pp msk spb nov"),
    "sg": _words("per"),
    "th": _words("in mi"),
    "tr": _words("av bbs bel biz dr gen info k12 kep name pol tel tsk tv web"),
    "tw": _words("idv club ebiz game"),
    "ua": _words("in kiev kyiv lviv odessa od kharkov kh dp dn zp"),
    "uk": _words("me nhs plc police"),
    "uy": _words("gub"),
    "ve": _words("info web e12"),
    "za": _words("web law nom school"),
}

# Whoever asks gets a name below these.
HOSTED = _words(
    """
    github.io gitlab.io pages.dev workers.dev r2.dev netlify.app vercel.app now.sh herokuapp.com
    web.app firebaseapp.com appspot.com run.app cloudfunctions.net blogspot.com blogspot.de
    blogspot.co.uk blogspot.fr blogspot.jp withgoogle.com translate.goog
    azurewebsites.net azurestaticapps.net azureedge.net cloudapp.net trafficmanager.net
    onmicrosoft.com cloudfront.net amplifyapp.com awsapps.com
    wordpress.com wixsite.com weebly.com myshopify.com webflow.io jimdofree.com jimdosite.com
    carrd.co notion.site framer.app glitch.me repl.co replit.app replit.dev fly.dev onrender.com
    railway.app deno.dev surge.sh ngrok.io ngrok.app ngrok-free.app trycloudflare.com dweb.link
    duckdns.org dyndns.org no-ip.org ddns.net hopto.org zapto.org sytes.net dynu.net selfip.com
    selfhost.eu spdns.de goip.de myfritz.net synology.me myqnapcloud.com
    altervista.org 000webhostapp.com infinityfreeapp.com rf.gd epizy.com
    readthedocs.io sourceforge.io codeberg.page srht.site
    eu.org us.com uk.com de.com eu.com br.com cn.com gb.net jp.net jpn.com kr.com hu.com no.com
    ru.com sa.com se.net uk.net za.com co.com africa.com mex.com com.de com.se in.net
    narod.ru ucoz.ru hatenablog.com hateblo.jp sakura.ne.jp ondigitalocean.app
    """
)

# Where what stands below is made of several labels: each host is its own.
EACH_ITS_OWN = _words(
    """
    amazonaws.com core.windows.net cloudapp.azure.com digitaloceanspaces.com linodeobjects.com
    backblazeb2.com aliyuncs.com myqcloud.com myhuaweicloud.com elasticbeanstalk.com
    """
)
