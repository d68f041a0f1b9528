"""The line that announces a quotation, and the head of mail passed on, in many languages.

A line of either kind ends in a colon or begins with dashes, whatever the language: that is how a
letter's own words are told from what it quotes (`letter.own_text`, the composer's signature).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from martlet.mail.variables import broken_up

_MOST_NAME = 80
_DASHES = "-------- "
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Words:
    """wrote: with {date} and {who}; undated: where no date is known. date: with {y}, {m}, {mm},
    {d}, {dd}, {month}, {hh} and {min}. The rest: the head of mail passed on.
    """

    wrote: str
    undated: str
    date: str
    forwarded: str
    subject: str
    sent: str
    sender: str
    to: str
    cc: str


_DOTS = "{dd}.{mm}.{y} {hh}:{min}"

_TABLE = {
    "en": Words(
        "On {date}, {who} wrote:", "{who} wrote:", "{d} {month} {y} at {hh}:{min}",
        "Forwarded message", "Subject", "Date", "From", "To", "Cc",
    ),
    "de": Words(
        "Am {date} schrieb {who}:", "{who} schrieb:", "{dd}.{mm}.{y} um {hh}:{min}",
        "Weitergeleitete Nachricht", "Betreff", "Datum", "Von", "An", "Kopie",
    ),
    "fr": Words(
        "Le {date}, {who} a écrit :", "{who} a écrit :", "{dd}/{mm}/{y} à {hh}:{min}",
        "Message transféré", "Objet", "Date", "De", "À", "Copie à",
    ),
    "es": Words(
        "El {date}, {who} escribió:", "{who} escribió:", "{dd}/{mm}/{y} a las {hh}:{min}",
        "Mensaje reenviado", "Asunto", "Fecha", "De", "Para", "Cc",
    ),
    "it": Words(
        "Il {date}, {who} ha scritto:", "{who} ha scritto:", "{dd}/{mm}/{y} alle {hh}:{min}",
        "Messaggio inoltrato", "Oggetto", "Data", "Da", "A", "Cc",
    ),
    "pt": Words(
        "Em {date}, {who} escreveu:", "{who} escreveu:", "{dd}/{mm}/{y} às {hh}:{min}",
        "Mensagem reencaminhada", "Assunto", "Data", "De", "Para", "Cc",
    ),
    "nl": Words(
        "Op {date} schreef {who}:", "{who} schreef:", "{dd}-{mm}-{y} om {hh}:{min}",
        "Doorgestuurd bericht", "Onderwerp", "Datum", "Van", "Aan", "Cc",
    ),
    "sv": Words(
        "Den {date} skrev {who}:", "{who} skrev:", "{y}-{mm}-{dd} kl. {hh}:{min}",
        "Vidarebefordrat meddelande", "Ämne", "Datum", "Från", "Till", "Kopia",
    ),
    "da": Words(
        "Den {date} skrev {who}:", "{who} skrev:", "{dd}.{mm}.{y} kl. {hh}.{min}",
        "Videresendt meddelelse", "Emne", "Dato", "Fra", "Til", "Cc",
    ),
    "nb": Words(
        "Den {date} skrev {who}:", "{who} skrev:", "{dd}.{mm}.{y} kl. {hh}:{min}",
        "Videresendt melding", "Emne", "Dato", "Fra", "Til", "Kopi",
    ),
    "fi": Words(
        "{who} kirjoitti {date}:", "{who} kirjoitti:", "{d}.{m}.{y} klo {hh}.{min}",
        "Välitetty viesti", "Aihe", "Päiväys", "Lähettäjä", "Vastaanottaja", "Kopio",
    ),
    "pl": Words(
        "W dniu {date} {who} pisze:", "{who} pisze:", "{dd}.{mm}.{y} o {hh}:{min}",
        "Przekazana wiadomość", "Temat", "Data", "Od", "Do", "DW",
    ),
    "cs": Words(
        "Dne {date} {who} napsal(a):", "{who} napsal(a):", "{d}. {m}. {y} v {hh}:{min}",
        "Přeposlaná zpráva", "Předmět", "Datum", "Od", "Komu", "Kopie",
    ),
    "ru": Words(
        "{date}, {who} пишет:", "{who} пишет:", _DOTS,
        "Пересылаемое сообщение", "Тема", "Дата", "От", "Кому", "Копия",
    ),
    "uk": Words(
        "{date}, {who} пише:", "{who} пише:", _DOTS,
        "Переслане повідомлення", "Тема", "Дата", "Від", "Кому", "Копія",
    ),
    "tr": Words(
        "{date} tarihinde {who} şunu yazdı:", "{who} şunu yazdı:", _DOTS,
        "İletilen ileti", "Konu", "Tarih", "Gönderen", "Kime", "Bilgi",
    ),
    "ja": Words(
        "{date}、{who}さんは書きました:", "{who}さんは書きました:", "{y}/{mm}/{dd} {hh}:{min}",
        "転送メッセージ", "件名", "日時", "差出人", "宛先", "Cc",
    ),
    "ko": Words(
        "{date}에 {who} 님이 쓴 글:", "{who} 님이 쓴 글:", "{y}. {m}. {d}. {hh}:{min}",
        "전달된 메시지", "제목", "날짜", "보낸 사람", "받는 사람", "참조",
    ),
    "zh-Hans": Words(
        "{who} 于 {date} 写道：", "{who} 写道：", "{y}年{m}月{d}日 {hh}:{min}",
        "转发的邮件", "主题", "日期", "发件人", "收件人", "抄送",
    ),
    "zh-Hant": Words(
        "{who} 於 {date} 寫道：", "{who} 寫道：", "{y}年{m}月{d}日 {hh}:{min}",
        "轉寄的郵件", "主旨", "日期", "寄件者", "收件者", "副本",
    ),
}  # fmt: skip
LANGUAGES = tuple(_TABLE)
_TRADITIONAL = re.compile(r"zh[-_].*\b(?:hant|tw|hk|mo)\b")
_ALSO = {"no": "nb", "nn": "nb", "zh": "zh-Hans"}


def words_of(language: str) -> Words:
    """Those of a language as "de", "pt-BR" or "zh_TW"; English for one that is not here."""
    folded = language.lower().replace("_", "-")
    if _TRADITIONAL.match(folded):
        return _TABLE["zh-Hant"]
    primary = folded.partition("-")[0]
    return _TABLE.get(_ALSO.get(primary, primary), _TABLE["en"])


def attribution(language: str, who: str, when: datetime | None) -> str:
    """One line: who wrote what is quoted below it, and when in that person's own time."""
    words = words_of(language)
    name = broken_up(" ".join(who.split()))
    name = name if len(name) <= _MOST_NAME else f"{name[:_MOST_NAME]}…"
    if when is None:
        return words.undated.format(who=name)
    return words.wrote.format(date=date_text(language, when), who=name)


def date_text(language: str, when: datetime) -> str:
    """Day and minute as they are written there, by its own clock."""
    return words_of(language).date.format(
        y=when.year,
        m=when.month,
        mm=f"{when.month:02}",
        d=when.day,
        dd=f"{when.day:02}",
        month=_MONTHS[when.month - 1],
        hh=f"{when.hour:02}",
        min=f"{when.minute:02}",
    )


def forward_line(language: str) -> str:
    """What stands above mail that is passed on."""
    return f"{_DASHES}{words_of(language).forwarded} {_DASHES.strip()}"
