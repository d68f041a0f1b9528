"""The words by which a letter speaks of an attachment, and those that say that it does not.

Words that mostly say nothing about files are left out: a question too many is soon answered without
being read.
"""

from __future__ import annotations

# By language: whole words where a script has spaces, a star for any ending, "_" for a blank.
PROMISES: dict[str, str] = {
    "en": "attached attachment attachments attaching enclosed enclosure enclosures"
    " i've_attached i’ve_attached i_attach we_attach pfa",
    "de": "anbei angehängt* anhang anhänge* beigefügt* beiliegend* in_der_anlage in_den_anlagen"
    " als_anlage siehe_anlage beigefügte_anlage angefügt* hänge*_an ich_hänge anhängend*",
    "fr": "ci-joint* ci_joint* ci-après_joint* pièce*_jointe* pj p.j. joint_à_ce_message"
    " joint_à_ce_mail joint_à_ce_courriel joint_à_cet_e-mail en_annexe voir_annexe"
    " vous_trouverez_joint je_joins je_vous_joins je_te_joins fichier*_joint* document*_joint*"
    " document*_attaché*",
    "es": "adjunto adjunta adjuntos adjuntas adjuntamos adjunté archivo*_adjunto* anexo anexos"
    " anexamos",
    "it": "allegato allegata allegati allegate allego alleghiamo in_allegato",
    "pt": "anexo anexos anexei anexamos em_anexo anexado* segue*_anexo* anexa anexas",
    "nl": "bijlage bijlagen bijgevoegd* bijgesloten als_bijlage toegevoegd_bestand",
    "ru": "вложени* прикреплён* прикреплен* прикрепил* прикрепляю во_вложении прилагаю прилагает*"
    " приложил_файл* приложила_файл* приложенн* прилагаемы* прикладываю",
    "uk": "вкладенн* додаток у_вкладенні долучаю прикріпле*",
    "pl": "załącznik* załączam załączeniu załączon* w_załączeniu załączam*",
    "cs": "příloh* příloze přiložen* přikládám",
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
ANYWHERE = (
    "附件|附上|附檔|附档|附圖|附图|附表请|附表請|随信附|隨信附|随函附|隨函附|见附|見附|請見附|夾帶檔|夹带"
    "|随附|隨附|检附|檢附|已附|内附|內附|附奉|附呈|附(?:发票|發票|照片|文件|資料|资料|简历|履歷)"
    "|如附(?![近和属屬加])"
    "|添付|同封|別添|ご査収|(?:ファイル|資料)を(?:お送り|送付|送ります)|첨부|동봉|แนบไฟล์|ไฟล์แนบ"
)
# Verbs that end far from where they begin: "Ich füge die Datei bei."
SPREAD = (
    r"\b(?:füge\b[^.!?\n]{1,80}\bbei|hänge\b[^.!?\n]{1,80}\ban"
    r"|häng[e’']?\s+ich\b[^.!?\n]{0,80}\ban)\b"
)

# Before such a word: it is not there, or it is another's ("your attachment")
DENIED = (
    r"\b(?:no|without|not|never|ohne|kein(?:e|en|em|er|es)?|sans|aucune?|sin|ning[uú]n|ninguna"
    r"|senza|nessun|sem|nenhum|zonder|geen|utan|inget|inga|uden|uten|ingen|без|нет|нема[єе]?|bez)"
    r"(?:\s+\w+)?\s+$"
    r"|\b(?:your|dein(?:e|en|em|er)?|ihr(?:e|en|em|er)|eure?n?|votre|vos|tes|tus?|sus?|vuestr[oa]s?"
    r"|tu[oa]i?|tue|vostr[oaie]|uw|jouw|din|ditt|dina|ваш(?:е|и|а|их|ем)?|тво(?:ё|е|и|й))\s+$"
    r"|\bpas\s+d(?:e\s+|['’])$"
    r"|(?:没有|沒有|没|沒|无|無|不含|不带|不帶|未|别|別)$"
    r"|(?:你|您|贵公司|貴公司|贵方|貴方)(?:們|们)?(?:发来|發來|寄来|寄來|发|發|寄|上次)?的$"
    r"|收到(?:了)?(?:你|您)?的?$|いただいた$|頂いた$"
)
# Behind it: the same, and what holds something in another sense ("attached to you")
DENIED_BEHIND = (
    r"\s+to\s+(?!(?:this|the|my)\s+(?:e-?mail|mail|message|letter|note))"
    r"|\s+(?:that\s+)?you\s+(?:sent|attached|mentioned|gave)\b"
    r"|\s+(?:is|was|were|are|seems?)\s+(?:missing|empty|broken|corrupt|damaged|not\b|gone)"
    r"|\s+(?:could|can|did|does|would|will)(?:n['’]t|not|\s+not)\b"
    r"|\s+(?:fehlt|fehlte|fehlen|ließ|lässt|ist\s+leer|war\s+leer|ging\s+nicht|geht\s+nicht)\b"
    r"|\s+(?:manque|manquait|est\s+vide|no\s+se|falta|faltaba)\b"
    r"|\s+(?:нет|не|отсутству\w+)\b"
    r"|(?:里|裡|中|內|内)?(?:没有|沒有|打不开|打不開|无法|無法|收到)"
    r"|(?:ファイル|資料)?(?:は|が|も)?(?:なし|無し|無く|なく|ありません|ございません|開け|見当たり)"
)
