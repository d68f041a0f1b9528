"""Providers used everywhere, those of the Americas, and hosts of other people's domains.

Sources: the providers' own help pages for mail programs; what Thunderbird's public table of
settings says where it has them.
"""

from __future__ import annotations

from martlet.mail.known.row import APP, BROWSER, ON, row
from martlet.mail.provider import Provider
from martlet.mail.sign_in import OAuthSettings

_GOOGLE = OAuthSettings(
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://mail.google.com/",
    register_url="https://console.cloud.google.com/apis/credentials",
)
_MICROSOFT = OAuthSettings(
    "Microsoft",
    "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "https://outlook.office.com/IMAP.AccessAsUser.All "
    "https://outlook.office.com/POP.AccessAsUser.All "
    "https://outlook.office.com/SMTP.Send offline_access",
    register_url="https://entra.microsoft.com",
    # Its register of programs takes any port of this name, but not of the number (RFC 8252, 7.3).
    redirect_host="localhost",
)
_YAHOO = OAuthSettings(
    "Yahoo",
    "https://api.login.yahoo.com/oauth2/request_auth",
    "https://api.login.yahoo.com/oauth2/get_token",
    "mail-w",
    register_url="https://developer.yahoo.com/apps/",
)
_AOL = OAuthSettings(
    "AOL",
    "https://api.login.aol.com/oauth2/request_auth",
    "https://api.login.aol.com/oauth2/get_token",
    "mail-w",
)
_FASTMAIL = OAuthSettings(
    "Fastmail",
    "https://api.fastmail.com/oauth/authorize",
    "https://api.fastmail.com/oauth/refresh",
    "https://www.fastmail.com/dev/protocol-imap https://www.fastmail.com/dev/protocol-pop "
    "https://www.fastmail.com/dev/protocol-smtp",
    register_url="https://www.fastmail.com/for-developers/oauth/",
)
_COMCAST = OAuthSettings(
    "Comcast",
    "https://oauth.xfinity.com/oauth/authorize",
    "https://oauth.xfinity.com/oauth/token",
    "https://email.comcast.net/ profile openid",
)

_OUTLOOK = "outlook.office365.com"
_YAHOO_HELP = "https://login.yahoo.com/account/security"
_AOL_HELP = "https://login.aol.com/account/security"
_YAHOO_SERVERS = ("imap.mail.yahoo.com", "pop.mail.yahoo.com", "smtp.mail.yahoo.com")

WORLD: tuple[Provider, ...] = (
    row("Gmail", "gmail.com googlemail.com", "imap.gmail.com", "pop.gmail.com", "smtp.gmail.com",
        APP, "https://myaccount.google.com/apppasswords", oauth=_GOOGLE, files_sent=True,
        mx="google.com googlemail.com",
        hosts="imap.googlemail.com pop.googlemail.com smtp.googlemail.com"),
    row("Outlook",
        "outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.at outlook.be outlook.cz "
        "outlook.dk outlook.ie outlook.jp outlook.kr outlook.pt outlook.sa outlook.co.id "
        "outlook.co.il outlook.co.th outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr "
        "outlook.com.tr outlook.com.vn outlook.cl outlook.hu outlook.in outlook.my outlook.ph "
        "outlook.sg outlook.sk "
        "hotmail.com hotmail.de hotmail.fr hotmail.es hotmail.it hotmail.be hotmail.nl hotmail.se "
        "hotmail.no hotmail.dk hotmail.fi hotmail.gr hotmail.ch hotmail.ca hotmail.co.uk "
        "hotmail.co.jp hotmail.com.ar hotmail.com.br hotmail.com.tr "
        "live.com live.de live.fr live.it live.nl live.be live.at live.dk live.no live.se live.cn "
        "live.ca live.jp live.ie live.co.uk live.com.ar live.com.au live.com.mx live.com.pt "
        "msn.com windowslive.com passport.com",
        _OUTLOOK, _OUTLOOK, "smtp-mail.outlook.com:587", BROWSER, oauth=_MICROSOFT,
        files_sent=True, hosts="imap-mail.outlook.com pop-mail.outlook.com",
        mx="olc.protection.outlook.com"),
    row("Microsoft 365", "office365.com onmicrosoft.com", _OUTLOOK, _OUTLOOK,
        "smtp.office365.com:587", BROWSER, oauth=_MICROSOFT, files_sent=True,
        mx="protection.outlook.com mx.microsoft"),
    # Apple's servers file sent mail by themselves and leave messages out of VANISHED.
    row("iCloud", "icloud.com me.com mac.com", "imap.mail.me.com", "", "smtp.mail.me.com:587", APP,
        "https://account.apple.com", files_sent=True, mx="mail.icloud.com"),
    row("Yahoo",
        "yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.se yahoo.no yahoo.dk yahoo.nl "
        "yahoo.ie yahoo.gr yahoo.pl yahoo.ro yahoo.ca yahoo.in yahoo.co.uk yahoo.co.in "
        "yahoo.co.id yahoo.co.nz yahoo.co.za yahoo.co.th yahoo.com.au yahoo.com.ar yahoo.com.br "
        "yahoo.com.mx yahoo.com.hk yahoo.com.sg yahoo.com.tw yahoo.com.vn yahoo.com.ph "
        "yahoo.com.my yahoo.com.tr yahoo.com.co ymail.com rocketmail.com myyahoo.com rogers.com",
        *_YAHOO_SERVERS, APP, _YAHOO_HELP, oauth=_YAHOO, mx="yahoodns.net",
        hosts="export.imap.mail.yahoo.com"),
    row("AOL", "aol.com aim.com aol.de aol.fr aol.co.uk love.com ygm.com games.com wow.com",
        "imap.aol.com", "pop.aol.com", "smtp.aol.com", APP, _AOL_HELP, oauth=_AOL),
    row("Verizon", "verizon.net", "imap.aol.com", "pop.verizon.net", "smtp.verizon.net", APP,
        _AOL_HELP, oauth=_AOL),
    row("Fastmail", "fastmail.com fastmail.fm fastmail.net fastmail.org fastmail.us fastmail.to "
        "fastmail.cn fastmail.de fastmail.co.uk fastmail.jp fastmail.uk sent.com",
        "imap.fastmail.com", "pop.fastmail.com", "smtp.fastmail.com", APP,
        "https://app.fastmail.com/settings/security", oauth=_FASTMAIL, mx="messagingengine.com"),
    row("Proton Mail", "proton.me protonmail.com protonmail.ch pm.me", "127.0.0.1:1143", "",
        "127.0.0.1:1025", APP, "https://proton.me/mail/bridge", mx="protonmail.ch",
        note="Proton Mail needs Proton Mail Bridge running on this computer; "
        "its password, and its own certificate, are shown by Bridge."),
    row("Tuta", "tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me", "", "", "",
        mx="tutanota.de", note="Tuta has no IMAP, POP3 or SMTP for mail programs."),
    row("HEY", "hey.com", "", "", "", note="HEY has no IMAP, POP3 or SMTP for mail programs."),
    row("Zoho", "zoho.com zohomail.com", "imap.zoho.com", "pop.zoho.com", "smtp.zoho.com", ON,
        "https://www.zoho.com/mail/help/imap-access.html"),
    row("Zoho", "", "imappro.zoho.com", "poppro.zoho.com", "smtppro.zoho.com", ON,
        "https://www.zoho.com/mail/help/imap-access.html", mx="zoho.com"),
    row("Zoho", "zohomail.eu", "imap.zoho.eu", "pop.zoho.eu", "smtp.zoho.eu", ON,
        "https://www.zoho.com/mail/help/imap-access.html"),
    row("Zoho", "", "imappro.zoho.eu", "poppro.zoho.eu", "smtppro.zoho.eu", ON,
        "https://www.zoho.com/mail/help/imap-access.html", mx="zoho.eu"),
    row("mail.com", "mail.com email.com post.com usa.com consultant.com engineer.com europe.com "
        "linuxmail.org myself.com iname.com writeme.com techie.com dr.com accountant.com "
        "cheerful.com", "imap.mail.com", "pop.mail.com", "smtp.mail.com", ON),
    row("Runbox", "runbox.com", "mail.runbox.com", "mail.runbox.com", "mail.runbox.com",
        mx="runbox.com"),
    row("Migadu", "migadu.com", "imap.migadu.com", "pop.migadu.com", "smtp.migadu.com",
        mx="migadu.com"),
    row("Purelymail", "purelymail.com", "mailserver.purelymail.com", "mailserver.purelymail.com",
        "mailserver.purelymail.com", mx="purelymail.com"),
    row("Vivaldi", "vivaldi.net", "imap.vivaldi.net", "pop3.vivaldi.net", "smtp.vivaldi.net"),
    row("Riseup", "riseup.net", "mail.riseup.net", "mail.riseup.net", "mail.riseup.net",
        local_user=True, mx="riseup.net"),
    row("Lark", "", "imap.larksuite.com", "", "smtp.larksuite.com", APP, mx="larksuite.com"),
    # North and South America
    row("Xfinity", "comcast.net", "imap.comcast.net", "mail.comcast.net", "smtp.comcast.net", ON,
        "https://www.xfinity.com/support/articles/third-party-email-access", oauth=_COMCAST),
    row("AT&T", "att.net ameritech.net bellsouth.net currently.com flash.net nvbell.net "
        "pacbell.net prodigy.net sbcglobal.net snet.net swbell.net wans.net",
        "imap.mail.att.net", "inbound.att.net", "smtp.mail.att.net", APP,
        hosts="outbound.att.net"),
    row("Cox", "cox.net", *_YAHOO_SERVERS, APP, _YAHOO_HELP, oauth=_YAHOO),
    row("Spectrum", "charter.net spectrum.net bresnan.net", "mobile.charter.net",
        "mobile.charter.net", "mobile.charter.net:587/tls"),
    row("Spectrum", "rr.com twc.com", "mail.twc.com", "mail.twc.com", "mail.twc.com:587"),
    row("EarthLink", "earthlink.net mindspring.com ix.netcom.com peoplepc.com",
        "imap.earthlink.net", "pop.earthlink.net", "smtpauth.earthlink.net:587",
        mx="earthlink.net"),
    row("Bell", "bell.net sympatico.ca", "imap.bell.net", "pophm.sympatico.ca",
        "smtphm.sympatico.ca:587"),
    row("UOL", "uol.com.br", "imap.uol.com.br", "pop3.uol.com.br", "smtps.uol.com.br:587"),
    row("BOL", "bol.com.br", "imap.bol.com.br", "pop3.bol.com.br", "smtps.bol.com.br:587"),
    # Other people's domains
    row("Rackspace", "emailsrvr.com", "secure.emailsrvr.com", "secure.emailsrvr.com",
        "secure.emailsrvr.com", mx="emailsrvr.com"),
    row("GoDaddy", "", "imap.secureserver.net", "pop.secureserver.net",
        "smtpout.secureserver.net", mx="secureserver.net"),
    row("Namecheap", "privateemail.com", "mail.privateemail.com", "mail.privateemail.com",
        "mail.privateemail.com", mx="privateemail.com"),
    row("Titan", "titan.email", "imap.titan.email", "pop.titan.email", "smtp.titan.email",
        mx="titan.email"),
    row("Hostinger", "", "imap.hostinger.com", "pop.hostinger.com", "smtp.hostinger.com",
        mx="hostinger.com"),
    row("DreamHost", "", "imap.dreamhost.com", "pop.dreamhost.com", "smtp.dreamhost.com",
        mx="dreamhost.com"),
    row("IONOS", "", "imap.ionos.com", "pop.ionos.com", "smtp.ionos.com",
        mx="ionos.com 1and1.com perfora.net"),
)  # fmt: skip
