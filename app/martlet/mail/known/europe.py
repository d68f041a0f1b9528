"""Providers of Europe and of the countries around.

Sources: the providers' own help pages for mail programs; what Thunderbird's public table of
settings says where it has them.
"""

from __future__ import annotations

from martlet.mail.known.row import APP, ON, row
from martlet.mail.provider import Provider
from martlet.mail.sign_in import OAuthSettings

_MAIL_RU = OAuthSettings(
    "Mail.ru",
    "https://o2.mail.ru/login",
    "https://o2.mail.ru/token",
    "mail.imap",
    register_url="https://o2.mail.ru/app/",
)
_YANDEX = OAuthSettings(
    "Yandex",
    "https://oauth.yandex.com/authorize",
    "https://oauth.yandex.com/token",
    "mail:imap_full mail:smtp",
    register_url="https://oauth.yandex.com/client/new",
)
_YANDEX_HELP = "https://id.yandex.com/security/app-passwords"
_GMX_HELP = "https://hilfe.gmx.net/pop-imap/einschalten.html"

EUROPE: tuple[Provider, ...] = (
    # German-speaking countries
    row("GMX", "gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.biz gmx.org gmx.info mein.gmx mail.gmx "
        "email.gmx", "imap.gmx.net", "pop.gmx.net", "mail.gmx.net", ON, _GMX_HELP, mx="gmx.net"),
    row("GMX", "gmx.com gmx.us gmx.fr gmx.co.uk gmx.es", "imap.gmx.com", "pop.gmx.com",
        "mail.gmx.com", ON),
    # Its POP3 server lets nobody in more often than every 15 minutes.
    row("WEB.DE", "web.de email.de", "imap.web.de", "pop3.web.de", "smtp.web.de:587", ON,
        "https://hilfe.web.de/pop-imap/einschalten.html", mx="web.de"),
    row("T-Online", "t-online.de magenta.de", "secureimap.t-online.de", "securepop.t-online.de",
        "securesmtp.t-online.de", APP,
        "https://www.telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten"),
    row("freenet", "freenet.de", "mx.freenet.de", "mx.freenet.de", "mx.freenet.de", ON,
        "https://kundenservice.freenet.de/faq/e-mail-client-mail/pop3-imap-und-smtp-aktivieren/"),
    row("Posteo", "posteo.de posteo.net posteo.at posteo.ch posteo.eu posteo.org posteo.com "
        "posteo.be posteo.ca posteo.co posteo.co.uk posteo.cz posteo.dk posteo.ee posteo.es "
        "posteo.fi posteo.gr posteo.hu posteo.ie posteo.is posteo.it posteo.jp posteo.li "
        "posteo.lt posteo.lu posteo.me posteo.mx posteo.nl posteo.no posteo.pl posteo.pt "
        "posteo.ro posteo.se posteo.si posteo.uk posteo.us", "posteo.de", "posteo.de", "posteo.de"),
    row("mailbox.org", "mailbox.org", "imap.mailbox.org", "pop3.mailbox.org", "smtp.mailbox.org",
        mx="mailbox.org"),
    row("IONOS", "1und1.de online.de onlinehome.de", "imap.ionos.de", "pop.ionos.de",
        "smtp.ionos.de", mx="ionos.de kundenserver.de"),
    row("IONOS", "", "imap.ionos.co.uk", "pop.ionos.co.uk", "smtp.ionos.co.uk", mx="ionos.co.uk"),
    row("Strato", "strato.de", "imap.strato.de", "pop3.strato.de", "smtp.strato.de",
        mx="rzone.de"),
    row("Vodafone", "vodafonemail.de arcor.de", "imap.vodafonemail.de", "pop.vodafonemail.de",
        "smtp.vodafonemail.de:587"),
    row("Hetzner", "", "mail.your-server.de", "mail.your-server.de", "mail.your-server.de",
        mx="your-server.de"),
    row("domainfactory", "", "sslin.df.eu", "sslin.df.eu", "sslout.df.eu", mx="ispgateway.de"),
    row("Kolab Now", "kolabnow.com mykolab.com", "imap.kolabnow.com", "pop.kolabnow.com",
        "smtp.kolabnow.com", mx="kolabnow.com mykolab.com"),
    row("Bluewin", "bluewin.ch bluemail.ch", "imaps.bluewin.ch", "pop3s.bluewin.ch",
        "smtpauths.bluewin.ch"),
    row("Infomaniak", "ik.me ikmail.com etik.com", "mail.infomaniak.com", "mail.infomaniak.com",
        "mail.infomaniak.com", mx="infomaniak.ch"),
    row("Hostpoint", "", "imap.mail.hostpoint.ch", "pop.mail.hostpoint.ch",
        "asmtp.mail.hostpoint.ch", mx="mail.hostpoint.ch"),
    # France, Belgium, Netherlands
    row("Orange", "orange.fr wanadoo.fr", "imap.orange.fr", "pop.orange.fr", "smtp.orange.fr"),
    row("Free", "free.fr", "imap.free.fr", "pop.free.fr", "smtp.free.fr", local_user=True),
    row("La Poste", "laposte.net", "imap.laposte.net", "pop.laposte.net", "smtp.laposte.net"),
    row("SFR", "sfr.fr neuf.fr cegetel.net club-internet.fr", "imap.sfr.fr", "pop.sfr.fr",
        "smtp.sfr.fr"),
    row("Bouygues Telecom", "bbox.fr", "imap.bbox.fr", "pop3.bbox.fr", "smtp.bbox.fr:587"),
    row("OVH", "", "ssl0.ovh.net", "ssl0.ovh.net", "ssl0.ovh.net", mx="mail.ovh.net"),
    row("Gandi", "", "mail.gandi.net", "mail.gandi.net", "mail.gandi.net", mx="mail.gandi.net"),
    row("Mailfence", "mailfence.com", "imap.mailfence.com", "pop.mailfence.com",
        "smtp.mailfence.com", mx="mailfence.com"),
    row("Proximus", "proximus.be skynet.be belgacom.net", "imap.proximus.be", "pop.proximus.be",
        "relay.proximus.be:587"),
    row("Telenet", "telenet.be", "imap.telenet.be", "pop.telenet.be", "smtp.telenet.be:587"),
    row("KPN", "kpnmail.nl kpnplanet.nl planet.nl wxs.nl hetnet.nl freeler.nl snelnet.net "
        "xs4all.nl telfort.nl tip.nl tiscali.nl", "imap.kpnmail.nl", "pop.kpnmail.nl",
        "smtp.kpnmail.nl"),
    row("Ziggo", "ziggo.nl ziggomail.com casema.nl upcmail.nl chello.nl home.nl quicknet.nl "
        "multiweb.nl", "imap.ziggo.nl", "pop.ziggo.nl", "smtp.ziggo.nl:587"),
    row("StartMail", "startmail.com", "imap.startmail.com", "", "smtp.startmail.com", APP,
        mx="startmail.com"),
    row("TransIP", "", "imap.transip.email", "pop3.transip.email", "smtp.transip.email",
        mx="transip.email"),
    row("Disroot", "disroot.org", "disroot.org", "disroot.org", "disroot.org", mx="disroot.org"),
    # Italy, Portugal
    row("Libero", "libero.it inwind.it iol.it blu.it giallo.it", "imapmail.libero.it",
        "popmail.libero.it", "smtp.libero.it"),
    row("Virgilio", "virgilio.it", "in.virgilio.it", "in.virgilio.it", "out.virgilio.it"),
    row("TIM", "tim.it", "imap.tim.it:143", "pop.tim.it:110", "smtp.tim.it:587"),
    row("Alice", "alice.it", "in.alice.it:143", "in.alice.it:110", "out.alice.it:587"),
    row("Tiscali", "tiscali.it", "imap.tiscali.it", "pop.tiscali.it", "smtp.tiscali.it"),
    row("Aruba", "aruba.it technet.it", "imaps.aruba.it", "pop3s.aruba.it", "smtps.aruba.it"),
    row("Aruba PEC", "pec.it arubapec.it", "imaps.pec.aruba.it", "pop3s.pec.aruba.it",
        "smtps.pec.aruba.it", mx="pec.aruba.it"),
    row("SAPO", "sapo.pt", "imap.sapo.pt", "pop3.sapo.pt", "smtp.sapo.pt"),
    # Great Britain
    row("BT", "btinternet.com btopenworld.com talk21.com", "mail.btinternet.com",
        "mail.btinternet.com", "mail.btinternet.com"),
    row("Sky", "sky.com", "imap.tools.sky.com", "pop.tools.sky.com", "smtp.tools.sky.com", APP),
    row("Virgin Media", "virginmedia.com", "imap.virginmedia.com", "pop3.virginmedia.com",
        "smtp.virginmedia.com", APP),
    row("Virgin Media", "ntlworld.com", "imap.ntlworld.com", "pop3.ntlworld.com",
        "smtp.ntlworld.com", APP),
    row("TalkTalk", "talktalk.net", "mail.talktalk.net", "mail.talktalk.net",
        "smtp.talktalk.net:587"),
    # North and east
    row("one.com", "one.com", "imap.one.com", "", "send.one.com"),
    row("Seznam", "seznam.cz email.cz post.cz spoluzaci.cz", "imap.seznam.cz", "pop3.seznam.cz",
        "smtp.seznam.cz"),
    row("Centrum", "centrum.cz", "imap.centrum.cz", "pop3.centrum.cz", "smtp.centrum.cz"),
    row("WP", "wp.pl", "imap.wp.pl", "pop3.wp.pl", "smtp.wp.pl", ON),
    row("o2", "o2.pl go2.pl tlen.pl prokonto.pl", "poczta.o2.pl", "poczta.o2.pl", "poczta.o2.pl",
        ON, "https://pomoc.o2.pl/aktywacja-dostepu-dla-programow-pocztowych", local_user=True),
    row("Onet", "onet.pl op.pl vp.pl poczta.onet.pl onet.eu autograf.pl",
        "imap.poczta.onet.pl", "pop3.poczta.onet.pl", "smtp.poczta.onet.pl", ON),
    row("Interia", "interia.pl interia.eu poczta.fm", "poczta.interia.pl", "poczta.interia.pl",
        "poczta.interia.pl", ON),
    row("inbox.lv", "inbox.lv", "mail.inbox.lv", "mail.inbox.lv", "mail.inbox.lv", APP),
    row("abv.bg", "abv.bg", "imap.abv.bg", "pop3.abv.bg", "smtp.abv.bg", ON),
    row("ukr.net", "ukr.net", "imap.ukr.net", "pop3.ukr.net", "smtp.ukr.net", APP),
    row("I.UA", "i.ua", "imap.i.ua", "pop3.i.ua", "smtp.i.ua"),
    row("Rambler", "rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru",
        "imap.rambler.ru", "pop.rambler.ru", "smtp.rambler.ru", ON),
    row("Mail.ru", "mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru", "imap.mail.ru",
        "pop.mail.ru", "smtp.mail.ru", APP,
        "https://account.mail.ru/user/2-step-auth/passwords", oauth=_MAIL_RU, mx="mail.ru"),
    row("Yandex", "yandex.com yandex.kz yandex.by yandex.net", "imap.yandex.com", "pop.yandex.com",
        "smtp.yandex.com", APP, _YANDEX_HELP, oauth=_YANDEX),
    row("Yandex", "yandex.ru ya.ru narod.ru", "imap.yandex.ru", "pop.yandex.ru", "smtp.yandex.ru",
        APP, _YANDEX_HELP, oauth=_YANDEX, mx="yandex.net yandex.ru"),
)  # fmt: skip
