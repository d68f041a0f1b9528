"""A small mailbox in a real store, in many languages, and a client that answers over it.

The client stands where the engine would: verbs go to the store's journal and their changes come
back, bodies are ready-made. Nothing of the program is patched.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from martlet.link import messages as link
from martlet.mail.account import (
    Account,
    AccountId,
    AccountState,
    Protocol,
    Security,
    Server,
    WorkerState,
)
from martlet.mail.changes import Change
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Role
from martlet.mail.message import (
    ANSWERED,
    FLAGGED,
    SEEN,
    Address,
    Attachment,
    Content,
    Envelope,
    MessageId,
)
from martlet.mail.reading import AS_SENT, Paper, View
from martlet.mail.rendered import Rendered
from martlet.mail.sync import Arrival, FolderInfo, ListedFolder, Quota
from martlet.store import accounts, folder_deeds, folders, journal, mailbox, undo
from martlet.store.database import Database

R = TypeVar("R")

# What Qt says where there is neither screen nor graphics card.
HEADLESS = (
    "This plugin does not support",
    "QRhiGles2|RHI for backend|[Vv]ulkan|GBM is not supported|GPUInfo",
    "GLX|GPU vendor",
)
ME = Address("Ada Lindqvist", "ada@example.org")
# A Wednesday afternoon, so that the list shows times, weekdays and dates.
DAY = 86400.0

PEOPLE = (
    Address("Mira Rossi", "mira.rossi@example.com"),
    Address("陈晓明", "chen.xiaoming@example.cn"),
    Address("Jürgen Großmann", "j.grossmann@example.de"),
    Address("Nordlicht Reisen", "news@nordlicht.example"),
    Address("山田 花子", "hanako@example.jp"),
    Address("Zoë O’Neill", "zoe@example.ie"),
    Address("", "noreply@billing.example.net"),
    Address("Дмитрий Волков", "d.volkov@example.ru"),
    Address("林怡君", "yijun.lin@example.tw"),
    Address("Kofi Okafor", "kofi.okafor@example.org"),
)
SUBJECTS = (
    ("Harbour walk on Saturday?", "The weather looks kind, and the ferry runs until ten. Shall we"),
    ("关于下周项目评审的安排", "各位好，评审会定在周四下午两点，请提前准备材料。会议室在三楼"),
    ("Re: Angebot für die Werkstatt", "Vielen Dank für die schnelle Antwort, das Angebot passt"),
    ("Your winter journey: three itineraries north", "Tromsø, Abisko and the Lofoten islands"),
    ("写真を送ります", "先週の旅行の写真です。天気が良くて、とてもきれいに撮れました。"),
    ("Draft of chapter three", "Here it is at last. I am unsure about the middle section, and"),
    ("Invoice 2026-1187", "Your invoice for November is attached. The amount of 48.20 EUR"),
    ("Протокол встречи", "Коллеги, во вложении протокол вчерашней встречи и список задач."),
    ("季度預算與下一步 (Q3 budget)", "附件是更新後的預算表，請大家在週五之前確認。"),
    ("Re: kernel latency measurements", "The p99 dropped to 9 ms after the change. Numbers below"),
)

PLAIN = """Hello Ada,

the weather looks kind for Saturday, and the ferry runs until ten. Shall we take the \
harbour walk we spoke about, from the old customs house round to the lighthouse? It is about \
seven kilometres, flat all the way, and there is a good place for soup at the end: \
https://example.com/harbour-walk (closed on Mondays).

On Tuesday Jürgen wrote:
> I can bring the big thermos, if somebody else brings cups.
> The forecast says wind from the west.
>> Does the ferry take bicycles?
>> 我觉得可以，去年我们带过。
> It does, in the morning.

另外，陈晓明也会来，他说想看看灯塔。中英文混排 should sit on one line without a jump.

See you soon
Mira

--\x20
Mira Rossi · mira.rossi@example.com
"""

HTML = """<p>Dear Ada,</p>
<p>three journeys north for this winter, each with a window for the northern lights.</p>
<p><img src="martlet-part:/2" width="420" height="180" alt="A picture of the sky"></p>
<h2>Tromsø in five days</h2>
<p>Fjords by boat, a night in a cabin, and <a href="https://example.com/tromso">all the details
here</a>. 北极光之旅，五天四夜。</p>
<blockquote>“The best week of the year.”</blockquote>
<ul><li>Flights from Hamburg and Zürich</li><li>Small groups, at most ten</li></ul>
<p>Kind regards<br>Nordlicht Reisen</p>"""

COLOURED = """<table width="100%" bgcolor="#f4efe6" cellpadding="20"><tr><td>
<h1 style="color:#7a2f1d">November at the bakery</h1>
<p style="color:#333">Rye, spelt and the first stollen of the year. Come by before ten.</p>
</td></tr></table>"""


def png(width: int = 420, height: int = 180) -> bytes:
    """A picture: an evening sky in stripes, its middle row pure green for tests to find."""
    rows = bytearray()
    for y in range(height):
        t = y / height
        colour = bytes((int(20 + 60 * t), int(30 + 130 * (1 - abs(t - 0.5) * 2)), int(90 + 70 * t)))
        rows += b"\0" + (b"\x00\xff\x00" if abs(y - height // 2) < 3 else colour) * width

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def fill(root: Path, now: float, count: int = 60) -> Database:
    """Makes a profile with one IMAP account and `count` messages in its inbox."""
    root.mkdir(parents=True, exist_ok=True)
    database = Database(root)
    server = Server(Protocol.IMAP, "mail.example.org", 993, Security.TLS, "ada")
    with database.write() as tx:
        account = accounts.add(
            tx, Account(AccountId(0), "Example", ME.address, ME.name, incoming=server)
        )
        listed = [
            ListedFolder("INBOX", "/", Role.INBOX),
            ListedFolder("Drafts", "/", Role.DRAFTS),
            ListedFolder("Sent", "/", Role.SENT),
            ListedFolder("Archive", "/", Role.ARCHIVE),
            ListedFolder("Junk", "/", Role.JUNK),
            ListedFolder("Trash", "/", Role.TRASH),
            ListedFolder("Projects", "/"),
            ListedFolder("Projects/Lighthouse", "/"),
            ListedFolder("Projects/评审", "/"),
            ListedFolder("Receipts", "/"),
        ]
        folders.put_listed(tx, account, listed)
        inbox = folders.by_role(tx, account, Role.INBOX)
        assert inbox is not None
        arrivals = [arrival(at, now) for at in range(count)]
        mailbox.add_many(tx, inbox.id, arrivals)
        receipts = folders.by_name(tx, account, "Receipts")
        assert receipts is not None
        mailbox.add_many(tx, receipts.id, [arrival(at, now - 40 * DAY) for at in (6, 16)])
    return database


def arrival(at: int, now: float) -> Arrival:
    """Message number `at`, the newest first."""
    subject, preview = SUBJECTS[at % len(SUBJECTS)]
    sender = PEOPLE[at % len(PEOPLE)]
    when = now - 600 - at * 9500 - (at // 20) * 30 * DAY
    flags = set() if at % 4 == 0 or at < 3 else {SEEN}
    if at % 7 == 3:
        flags.add(FLAGGED)
    if at % 9 == 2:
        flags |= {ANSWERED, SEEN}
    head = Envelope(
        subject=subject,
        sender=sender,
        to=(ME,),
        cc=(Address("Hana Moreau", "hana@example.com"),) if at % 3 == 0 else (),
        date=when,
        message_id=f"<{at}.{int(when)}@example.org>",
    )
    content = Content(preview, f"{preview} needle{at}", 2 if at % 10 in (3, 6) else 0)
    return Arrival(1000 - at, head, frozenset(flags), 4000 + at, when, content, "")


class SampleClient:
    """Answers on a thread of its own, as a line to an engine does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.on_change: Callable[[Change], None] | None = None
        self.on_lost: Callable[[], None] | None = None
        self.asked: list[link.Request[Any]] = []
        self.complete = True
        self.may_come = threading.Event()
        self.may_come.set()
        self.answered = threading.Event()
        database.listen(self._announce)

    def submit(self, request: link.Request[R], done: Callable[[R | MailError], None]) -> None:
        self.asked.append(request)

        def work() -> None:
            try:
                result: object = self._answer(request)
            except MailError as error:
                result = error
            done(cast("R", result))

        threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        pass

    def _announce(self, change: Change) -> None:
        if self.on_change is not None:
            self.on_change(change)

    def _answer(self, request: link.Request[Any]) -> object:
        match request:
            case link.AccountStates():
                return [AccountState(AccountId(1), WorkerState.IDLE)]
            case link.Render():
                return self.render(request.message_id, request.view)
            case link.PartBytes():
                return png()
            case link.RawMessage():
                return PLAIN.encode()
            case link.FolderOpened() | link.CheckMail():
                return None
            case link.OpenPart() | link.SavePart():
                self.may_come.wait()
                return "/nonexistent"
            case link.Download():
                return len(request.message_ids)
            case link.DownloadFolder():
                return 12
            case link.PauseSync() | link.ResumeSync() | link.StopDownloads():
                return None
            case link.FolderProperties():
                return FolderInfo(12, 48_000_000, "lrswi", (Quota("", "STORAGE", 1_900, 2_000),))
        with self.database.write() as tx:
            match request:
                case link.SetFlags():
                    add, remove = frozenset(request.add), frozenset(request.remove)
                    return journal.flag(tx, request.message_ids, add, remove)
                case link.Move():
                    return journal.move(tx, request.message_ids, request.folder_id)
                case link.Archive():
                    return self._to_role(tx, request.message_ids, Role.ARCHIVE)
                case link.Delete():
                    return self._to_role(tx, request.message_ids, Role.TRASH)
                case link.Undo():
                    return undo.undo(tx)
                case link.Undelete():
                    return journal.undelete(tx, request.message_ids)
                case link.MarkAllRead():
                    return journal.mark_read(tx, request.folder_id)
                case link.FolderCreate():
                    return folder_deeds.create_folder(tx, request.account_id, request.name, "/")
                case link.FolderRename():
                    folder_deeds.rename_folder(tx, request.folder_id, request.name)
                case link.FolderDelete():
                    return folder_deeds.trash_folder(tx, request.folder_id)
                case link.FolderRole():
                    folder_deeds.set_role(tx, request.folder_id, request.role)
                case link.FolderSubscribe():
                    folder_deeds.subscribe_folder(tx, request.folder_id, request.subscribed)
                case _:
                    raise Refused(f"The sample does not know {type(request).__name__}.")
        return None

    def _to_role(self, tx: Any, ids: list[MessageId], role: Role) -> int:
        target = folders.by_role(tx, AccountId(1), role)
        if target is None:
            raise Refused("Example has no folder for this.", f"role:{role.value}", "Example")
        return journal.move(tx, ids, target.id)

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        """Every message of Nordlicht is HTML with a picture, every invoice coloured HTML."""
        envelope = mailbox.envelope(self.database, message_id)
        if envelope is None:
            raise Refused("This message is not here any more.")
        if not self.complete:
            return Rendered(message_id, envelope, complete=False, view=view)
        html: str | None = None
        attachments: tuple[Attachment, ...] = ()
        blocked, paper = 0, Paper.THEME
        if envelope.sender.name == "Nordlicht Reisen":
            html, blocked = HTML, 3
            attachments = (
                Attachment("2", "sky.png", "image/png", 4210, "sky@x", "inline", True),
                Attachment("3", "Itinerary north 2026.pdf", "application/pdf", 482_110),
                Attachment(
                    "4",
                    "行程表 – final version with a very long name.xlsx",
                    "application/x",
                    18_220,
                ),
            )
        elif not envelope.sender.name:
            html, paper = COLOURED, Paper.LIGHT
            attachments = (Attachment("2", "Invoice 2026-1187.pdf", "application/pdf", 91_400),)
        problems = (
            ("The date of this message is written wrongly.",) if "評" in envelope.subject else ()
        )
        return Rendered(
            message_id,
            envelope,
            html,
            PLAIN,
            attachments,
            blocked,
            problems,
            view=view,
            paper=paper,
        )
