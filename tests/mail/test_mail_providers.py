"""The table of known providers: what it says, and that it says it only once and rightly."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import martlet
from martlet.mail.providers import (
    Provider,
    SignIn,
    by_host,
    by_mx,
    by_name,
    domain_of,
    every_provider,
    files_sent,
    guess,
    lookup,
    user_of,
)
from martlet.mail.server import Security
from martlet.mail.typed import is_host


def test_known_providers() -> None:
    found = lookup("Someone@163.COM")
    assert found is not None
    assert (found.imap.host, found.imap.port) == ("imap.163.com", 993)
    assert found.sign_in is SignIn.AUTH_CODE
    tenant = lookup("a@firm.onmicrosoft.com")
    assert tenant is not None
    assert (tenant.smtp.port, tenant.smtp.security) == (587, Security.STARTTLS)
    assert lookup("a@example.org") is None


@pytest.mark.parametrize(
    ("address", "imap", "smtp"),
    [
        ("a@126.com", "imap.126.com", "smtp.126.com"),
        ("a@yeah.net", "imap.yeah.net", "smtp.yeah.net"),
        ("a@foxmail.com", "imap.qq.com", "smtp.qq.com"),
        ("a@exmail.qq.com", "imap.exmail.qq.com", "smtp.exmail.qq.com"),
        ("a@sina.com", "imap.sina.com", "smtp.sina.com"),
        ("a@sohu.com", "imap.sohu.com", "smtp.sohu.com"),
        ("a@139.com", "imap.139.com", "smtp.139.com"),
        ("a@189.cn", "imap.189.cn", "smtp.189.cn"),
        ("a@21cn.com", "imap.21cn.com", "smtp.21cn.com"),
        ("a@aliyun.com", "imap.aliyun.com", "smtp.aliyun.com"),
        ("a@googlemail.com", "imap.gmail.com", "smtp.gmail.com"),
        ("a@hotmail.fr", "outlook.office365.com", "smtp-mail.outlook.com"),
        ("a@me.com", "imap.mail.me.com", "smtp.mail.me.com"),
        ("a@yahoo.com.br", "imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        ("a@aol.com", "imap.aol.com", "smtp.aol.com"),
        ("a@fastmail.com", "imap.fastmail.com", "smtp.fastmail.com"),
        ("a@gmx.ch", "imap.gmx.net", "mail.gmx.net"),
        ("a@web.de", "imap.web.de", "smtp.web.de"),
        ("a@wanadoo.fr", "imap.orange.fr", "smtp.orange.fr"),
        ("a@bk.ru", "imap.mail.ru", "smtp.mail.ru"),
        ("a@ya.ru", "imap.yandex.ru", "smtp.yandex.ru"),
        ("a@proton.me", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_addresses_people_have(address: str, imap: str, smtp: str) -> None:
    found = lookup(address)
    assert found is not None
    assert (found.imap.host, found.smtp.host) == (imap, smtp)


@pytest.mark.parametrize(
    ("mx", "imap"),
    [
        ("aspmx.l.google.com", "imap.gmail.com"),
        ("firm-com.mail.protection.outlook.com.", "outlook.office365.com"),
        ("MXBIZ1.QQ.COM", "imap.exmail.qq.com"),
        ("mx1.qiye.aliyun.com", "imap.qiye.aliyun.com"),
        ("mxn.mxhichina.com", "imap.qiye.aliyun.com"),
        ("qiye163mx01.mxmail.netease.com", "imap.qiye.163.com"),
        ("in1-smtp.messagingengine.com", "imap.fastmail.com"),
        ("mx01.mail.icloud.com", "imap.mail.me.com"),
        ("smtpin.rzone.de", "imap.strato.de"),
        ("mail.protonmail.ch", "127.0.0.1"),
    ],
)
def test_company_domains_by_who_takes_their_mail(mx: str, imap: str) -> None:
    found = by_mx(mx)
    assert found is not None
    assert found.imap.host == imap


@pytest.mark.parametrize("mx", ["", "mx.example.org", "evilgoogle.com", "google.com.evil.example"])
def test_only_whole_labels_of_a_host_count(mx: str) -> None:
    assert by_mx(mx) is None


def test_the_table_is_large_and_each_domain_is_in_it_once() -> None:
    assert len({provider.name for provider in every_provider()}) >= 80
    for names in (
        [domain for one in every_provider() for domain in one.domains],
        [suffix for one in every_provider() for suffix in one.mx],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("provider", every_provider(), ids=lambda one: one.name)
def test_each_row_can_be_used(provider: Provider) -> None:
    places = (provider.imap, provider.pop3, provider.smtp)
    for place in places:
        assert place.security is not Security.NONE
        assert not place.host or (is_host(place.host) and place.host == place.host.casefold())
        assert 0 < place.port < 65536
    assert provider.domains or provider.mx
    assert all(name == name.casefold() and is_host(name) for name in provider.domains)
    assert all(not name.startswith(".") and is_host(name) for name in provider.mx)
    assert not provider.help_url or provider.help_url.startswith("https://")
    if not any(place.host for place in places):
        assert provider.note
    else:
        assert provider.imap.host
        assert provider.smtp.host
    if provider.oauth is not None:
        assert provider.oauth.authorize_url.startswith("https://")
        assert provider.oauth.token_url.startswith("https://")
        assert provider.oauth.scope
        assert not provider.oauth.client_id
    assert provider.sign_in is not SignIn.BROWSER or provider.oauth is not None


def test_what_has_no_servers_says_so() -> None:
    tuta = lookup("a@tuta.com")
    assert tuta is not None
    assert not tuta.imap.host
    assert "no IMAP" in tuta.note


@pytest.mark.parametrize(
    "host", ["smtp.gmail.com", "SMTP.googlemail.com.", "smtp.office365.com", "smtp.mail.me.com",
             "smtp-mail.outlook.com", "outlook.office365.com", "smtp.163.com", "smtp.126.com",
             "smtp.yeah.net", "smtp.qq.com"],
)  # fmt: skip
def test_who_files_sent_mail(host: str) -> None:
    assert files_sent(host)


@pytest.mark.parametrize("host", ["", "smtp.example.org", "127.0.0.1", "smtp.gmx.net"])
def test_who_does_not_or_is_not_known(host: str) -> None:
    assert not files_sent(host)


def test_user_names() -> None:
    free = lookup("ada@free.fr")
    assert free is not None
    assert user_of(free, "ada@free.fr") == "ada"
    assert user_of(guess("ada@example.org"), "ada@example.org") == "ada@example.org"


@pytest.mark.parametrize("word", ["google", "Gmail", " MICROSOFT", "yahoo", "yandex", "mail.ru"])
def test_names_of_browser_sign_ins(word: str) -> None:
    found = by_name(word)
    assert found is not None
    assert found.oauth is not None


def test_no_browser_sign_in_where_there_is_none() -> None:
    assert by_name("posteo") is None
    assert by_name("") is None


def test_hosts_belong_to_somebody() -> None:
    found = by_host("IMAP.gmail.com.")
    assert found is not None
    assert found.name == "Gmail"
    assert by_host("127.0.0.1") is None


def test_a_guess_for_all_others() -> None:
    found = guess("tom@Example.org")
    assert (found.imap.host, found.pop3.host, found.smtp.host) == (
        "imap.example.org", "pop.example.org", "smtp.example.org",
    )  # fmt: skip
    assert not found.known
    assert guess("tom").imap.host == ""
    assert domain_of("a@b@Example.ORG.") == "example.org"


def test_a_command_that_only_reads_does_not_load_the_table() -> None:
    code = "import martlet.link.messages, sys; print('martlet.mail.known.row' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(martlet.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
