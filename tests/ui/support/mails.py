"""Ten mails of our own to be looked at: plain, Chinese, Japanese, right to left, broken ones."""

from __future__ import annotations

_TAIL = "\r\n".join(
    f"> {line}"
    for line in (
        "Dear all,",
        "",
        "the boats come out of the water on the last Saturday of October. Please say by",
        "Wednesday whether you can help, and whether you bring a trolley of your own.",
        *(f"{hour}:00  berth {hour - 4} to {hour}" for hour in range(8, 18)),
        "",
        "> Is the crane there all day?",
        "> > It was last year, until four.",
        "",
        "Karin",
    )
)
_HEAD = "From: {sender}\r\nTo: Ada Lindqvist <ada@example.org>\r\nSubject: {subject}\r\n" + (
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
)


def _mail(sender: str, subject: str, body: str, kind: str = "text/plain") -> bytes:
    head = _HEAD.format(sender=sender, subject=subject)
    content = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return (head + content + body.replace("\n", "\r\n").replace("\r\r", "\r")).encode()


ANSWER = _mail(
    "Mira Rossi <mira@example.com>",
    "Re: Boats out of the water",
    "Saturday suits me, and I bring the trolley with the soft tyres. Can somebody lend me\n"
    "a pair of long straps? Details are on https://example.com/harbour (closed on Mondays).\n\n"
    f"On Tuesday Karin wrote:\n{_TAIL}\n\n-- \nMira Rossi · +49 30 1234567\nmira@example.com\n",
)
BETWEEN = _mail(
    "Jürgen Großmann <j.grossmann@example.de>",
    "Re: Re: measurements",
    "> What did you measure with?\n\nA plain oscilloscope, 100 MHz, probes at 10x.\n\n"
    ">> Which kernel?\n> 6.12, with the patch.\n\nSame here.\n\n"
    "  turn      p50     p99     worst\n  before   4.1 ms  38 ms   120 ms\n"
    "  after    3.9 ms   9 ms    11 ms\n  idle     0.1 ms   1 ms     2 ms\n\n"
    "def wait(lock):\n    while lock.held():\n        pause()\n    return lock.take()\n",
)
CHINESE = _mail(
    "陈晓明 <chen@example.cn>",
    "关于下周项目评审的安排",
    "各位好：\n\n评审会定在周四下午两点，请提前准备材料。会议室在三楼，使用 Zoom 的同事请"
    "从 https://example.cn/meeting 进入。中英文混排 should sit on one line without a jump，"
    "数字 2026 年 11 月 21 日也一样。\n\n张伟 写道：\n> 需要带笔记本电脑吗？\n> 演示用的投影"
    "仪接口是 HDMI 还是 USB-C？\n\n都可以，HDMI 更稳妥。\n\n-- \n陈晓明\n",
)
JAPANESE = _mail(
    "山田 花子 <hanako@example.jp>",
    "写真を送ります",
    "アダ様\n\n先週の旅行の写真です。天気が良くて、とてもきれいに撮れました。\n"
    "アルバムはこちら（https://example.jp/album）からご覧ください。\n\n"
    "> 富士山は見えましたか？\n\nはい、朝だけ見えました。\n",
)
ARABIC = _mail(
    "أحمد <ahmad@example.net>",
    "موعد الاجتماع",
    "مرحبا آدا،\n\nالاجتماع يوم الخميس الساعة الثانية بعد الظهر في القاعة 3. يرجى إحضار "
    "الملف report-2026.pdf معكم.\n\n> هل يمكنني الحضور عن بعد؟\n> שלום לכולם\n\n"
    "نعم، الرابط https://example.net/room\n\nمع التحية\nأحمد\n",
)
FLOWED = _mail(
    "Zoë O’Neill <zoe@example.ie>",
    "Chapter three",
    "Here it is at last. I am unsure about the middle section, and would \nrather cut it than "
    "mend it; but you may see more in it than I do. \nTake your time.\n\n> When do you need it "
    "back? I am away from the first to the \n> tenth.\n\nAfter the tenth is fine.\n",
    "text/plain; format=flowed",
)
BARE_HTML = _mail(
    "Nordlicht <news@nordlicht.example>",
    "Winter without looks of its own",
    "<h1>Three journeys north</h1><p>Fjords by boat, a night in a cabin, and <a "
    'href="https://example.com/tromso">all the details here</a>. 北极光之旅，五天四夜。</p>'
    "<ul><li>Flights from Hamburg<li>At most ten people</ul><table border=1><tr><th>Day<th>Place"
    "<tr><td>1<td>Tromsø<tr><td>2<td>Abisko</table><blockquote><p>The best week of the year."
    "<blockquote>Really?</blockquote></blockquote><pre>mon  tue  wed\n 1    2    3</pre>",
    "text/html",
)
CHINESE_HTML = _mail(
    "林怡君 <yijun@example.tw>",
    "季度預算與下一步",
    '<div style="font-family:PMingLiU;font-size:14px;color:#1f497d"><p>各位好，附件是更新後的'
    "預算表，請大家在週五之前確認。</p><table style='border-collapse:collapse' border=1 "
    "cellpadding=6><tr style='background:#dce6f1'><td>項目<td>第三季 Q3<td>第四季 Q4<tr><td>"
    "伺服器<td>120,000<td>135,000<tr><td>差旅<td>45,000<td>30,000</table></div>",
    "text/html",
)
BROKEN = (
    b"From: nobody\r\nSubject: =?utf-8?q?half an encoded =?= word\r\nDate: yesterday\r\n"
    b'Content-Type: multipart/alternative; boundary="x\r\n\r\n--x\r\nContent-Type: text/plain; '
    b"charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n1eLKx7vGyfrOxNfWo6y1q8rH1eK49g==*"
    b"\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Never <b>closed <i>anything<table><tr><td>at "
    b"all, \xd5\xe2 with bytes of another charset"
)
LATIN_LIES = (
    _HEAD.format(sender="Ada <ada@example.com>", subject="says ASCII, is not").encode()
    + b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe aus M\xfcnchen \x80 5,-\r\n"
    + b"\x00\x07 control characters \x1b[31m and a long word: "
    + b"Donaudampfschifffahrt" * 40
    + b"\r\n"
)
ALL = {
    "answer": ANSWER,
    "between": BETWEEN,
    "chinese": CHINESE,
    "japanese": JAPANESE,
    "arabic": ARABIC,
    "flowed": FLOWED,
    "bare-html": BARE_HTML,
    "chinese-html": CHINESE_HTML,
    "broken": BROKEN,
    "latin-lies": LATIN_LIES,
}
