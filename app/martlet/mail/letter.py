"""What a letter says by itself: the writer's own words, and whether they promise an attachment."""

from __future__ import annotations

import re

# What is looked for, by language: whole words where a script has spaces, a star for any ending.
# Words that mostly say nothing about files are left out.
PROMISES: dict[str, str] = {
    "en": "attached attachment attachments attaching enclosed enclosure enclosures"
    " i've_attached i_attach pfa",
    "de": "anbei angehängt* anhang anhänge* beigefügt* beiliegend* anlage anlagen angefügt*"
    " hänge*_an ich_hänge anhängend*",
    "fr": "ci-joint* pièce*_jointe* pj p.j. joint_à_ce_message en_annexe vous_trouverez_joint",
    "es": "adjunto adjunta adjuntos adjuntas adjuntamos archivo*_adjunto* anexo anexos anexamos",
    "it": "allegato allegata allegati allegate allego alleghiamo in_allegato",
    "pt": "anexo anexos anexei anexamos em_anexo anexado* segue*_anexo* anexa anexas",
    "nl": "bijlage bijlagen bijgevoegd* bijgesloten als_bijlage toegevoegd_bestand",
    "ru": "вложени* прикреплённ* прикрепленн* прикрепляю во_вложении прилагаю приложенн*"
    " прилагаемы* прикладываю",
    "uk": "вкладенн* додаток у_вкладенні долучаю прикріпле*",
    "pl": "załącznik* załączam załączeniu załączon* w_załączeniu załączam*",
    "cs": "příloh* přiložen* přikládám",
    "sk": "prílohe priložen* prikladám",
    "sv": "bifogat bifogad bifogade bifogar bilaga bilagan bilagor bilagorna medföljande_fil*",
    "da": "vedhæftet vedhæftede vedhæfter vedlagt vedhæftning*",
    "nb": "vedlagt vedlegg vedlegget legger_ved",
    "fi": "liitteenä liite liitteet liitteessä liitetiedosto* oheisena",
    "hu": "csatolva csatolt* mellékel* melléklet*",
    "ro": "atașat atașez ataşat anexat atașament*",
    "el": "συνημμέν* επισυνάπτ*",
    "tr": "ekte ektedir ekteki ekli eklenti iliştirilmiş* ekledim eklerde",
    "id": "terlampir lampiran",
    "vi": "đính_kèm",
    "ar": "مرفق المرفق مرفقات المرفقات مرفقة",
    "he": "מצורף מצורפת מצורפים",
}
# Scripts without spaces: anywhere.
_ANYWHERE = (
    "附件|附上|附檔|附档|附圖|附图|附表请|附表請|随信附|隨信附|随函附|隨函附|见附|見附|請見附|夾帶檔|夹带"
    "|添付|同封|別添|첨부|동봉|แนบไฟล์|ไฟล์แนบ"
)
# Said of what is not there: "no attachment", "ohne Anhang", "without the attachments"
_DENIED = re.compile(
    r"\b(?:no|without|not|ohne|kein(?:e|en|em)?|sans|sin|senza|sem|zonder|utan|без|bez)"
    r"(?:\s+\w+)?\s+$|(?:没有|沒有|无|無|不含|未)$",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r".{0,300}[:：]\s*\Z")
_READ = 200_000


def _pattern() -> re.Pattern[str]:
    found = []
    for words in PROMISES.values():
        for word in words.split():
            piece = re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+")
            found.append(piece)
    # The longest first, so that a word's ending is not left over.
    found.sort(key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


_PROMISE = _pattern()
_BEGINS = frozenset(word[:2] for words in PROMISES.values() for word in words.split())
_WORD = re.compile(r"(?<!\w)\w+")
_INSIDE = re.compile(_ANYWHERE)


def own_text(text: str) -> str:
    """The writer's own lines: without quoted ones, the line announcing them, and the signature."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.rstrip("\u00a0") in ("-- ", "--"):
            break
        if line.lstrip().startswith(">"):
            # "On Monday Anna wrote:" belongs to the quote below it
            while lines and not lines[-1].strip():
                lines.pop()
            if lines and _ATTRIBUTION.match(lines[-1]) and not lines[-1].startswith(">"):
                lines.pop()
            lines.append(">")
            continue
        lines.append(line)
    return "\n".join(line for line in lines if line != ">")


def promises_attachment(text: str) -> bool:
    """Whether the writer's own words (quotes and signature left out) speak of an attachment."""
    return bool(promise(text))


def promise(text: str) -> str:
    """The first word of the writer's own that speaks of an attachment, or "".

    One that is said not to be there does not count. Of very long letters the beginning is read.
    """
    own = own_text(text)[:_READ]
    begins = (
        _PROMISE.match(own, word.start())
        for word in _WORD.finditer(own)
        if word[0][:2].casefold() in _BEGINS
    )
    for found in (*filter(None, begins), *_INSIDE.finditer(own)):
        if not _DENIED.search(own[max(0, found.start() - 40) : found.start()]):
            return found[0]
    return ""
