"""Providers of Asia, Australia and New Zealand.

Sources: the providers' own help pages for mail programs; what Thunderbird's public table of
settings says where it has them.
"""

from __future__ import annotations

from martlet.mail.known.row import APP, CODE, ON, row
from martlet.mail.provider import Provider

ASIA: tuple[Provider, ...] = (
    # NetEase refuses SELECT before ID, and files sent mail by itself.
    row("163", "163.com", "imap.163.com", "pop.163.com", "smtp.163.com", CODE,
        "https://mail.163.com", files_sent=True),
    row("163 VIP", "vip.163.com", "imap.vip.163.com", "pop.vip.163.com", "smtp.vip.163.com", CODE,
        "https://vip.163.com"),
    row("126", "126.com", "imap.126.com", "pop.126.com", "smtp.126.com", CODE,
        "https://mail.126.com", files_sent=True),
    row("126 VIP", "vip.126.com", "imap.vip.126.com", "pop.vip.126.com", "smtp.vip.126.com", CODE,
        "https://vip.126.com"),
    row("yeah.net", "yeah.net", "imap.yeah.net", "pop.yeah.net", "smtp.yeah.net", CODE,
        "https://mail.yeah.net", files_sent=True),
    row("188", "188.com", "imap.188.com", "pop.188.com", "smtp.188.com", CODE),
    row("NetEase company mail", "", "imap.qiye.163.com", "pop.qiye.163.com",
        "smtp.qiye.163.com:994/tls", help_url="https://qiye.163.com",
        mx="qiye.163.com mxmail.netease.com"),
    row("QQ", "qq.com vip.qq.com foxmail.com", "imap.qq.com", "pop.qq.com", "smtp.qq.com", CODE,
        "https://mail.qq.com", files_sent=True),
    row("Tencent company mail", "exmail.qq.com", "imap.exmail.qq.com", "pop.exmail.qq.com",
        "smtp.exmail.qq.com", APP, "https://exmail.qq.com",
        mx="exmail.qq.com mxbiz1.qq.com mxbiz2.qq.com"),
    row("Sina", "sina.com", "imap.sina.com", "pop.sina.com", "smtp.sina.com", CODE,
        "https://mail.sina.com.cn"),
    row("Sina", "sina.cn", "imap.sina.cn", "pop.sina.cn", "smtp.sina.cn", CODE,
        "https://mail.sina.com.cn"),
    row("Sohu", "sohu.com", "imap.sohu.com", "pop3.sohu.com", "smtp.sohu.com", APP,
        "https://mail.sohu.com"),
    row("139", "139.com", "imap.139.com", "pop.139.com", "smtp.139.com", CODE,
        "https://mail.10086.cn"),
    row("189", "189.cn", "imap.189.cn", "pop.189.cn", "smtp.189.cn"),
    row("21CN", "21cn.com", "imap.21cn.com", "pop.21cn.com", "smtp.21cn.com"),
    row("Aliyun", "aliyun.com", "imap.aliyun.com", "pop3.aliyun.com", "smtp.aliyun.com"),
    row("Aliyun company mail", "", "imap.qiye.aliyun.com", "pop.qiye.aliyun.com",
        "smtp.qiye.aliyun.com", help_url="https://qiye.aliyun.com",
        mx="qiye.aliyun.com mxhichina.com",
        hosts="imap.mxhichina.com pop3.mxhichina.com smtp.mxhichina.com"),
    row("Feishu", "", "imap.feishu.cn", "", "smtp.feishu.cn", APP, mx="feishu.cn"),
    row("Naver", "naver.com", "imap.naver.com", "pop.naver.com", "smtp.naver.com", ON,
        "https://mail.naver.com"),
    row("Daum", "daum.net hanmail.net", "imap.daum.net", "pop.daum.net", "smtp.daum.net", APP),
    row("Kakao", "kakao.com", "imap.kakao.com", "pop.kakao.com", "smtp.kakao.com", APP),
    row("Nate", "nate.com", "imap.nate.com", "pop.nate.com", "smtp.mail.nate.com", ON),
    row("Yahoo! JAPAN", "yahoo.co.jp", "imap.mail.yahoo.co.jp", "pop.mail.yahoo.co.jp",
        "smtp.mail.yahoo.co.jp", ON, local_user=True),
    row("Telstra", "bigpond.com bigpond.net.au bigpond.net telstra.com", "imap.telstra.com",
        "pop.telstra.com", "smtp.telstra.com"),
    row("Optus", "optusnet.com.au", "mail.optusnet.com.au", "mail.optusnet.com.au",
        "mail.optusnet.com.au"),
    row("Xtra", "xtra.co.nz", "imap.xtra.co.nz", "pop3.xtra.co.nz", "send.xtra.co.nz"),
)  # fmt: skip
