"""Messages without their large files: what is asked for, what is made of it, what stays away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from martlet.mail.message import MessageId
from martlet.mail.sync import BodyPart
from martlet.mime.content import Apart, summarise
from martlet.mime.layout import layout
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part
from martlet.mime.render import render
from martlet.mime.skeleton import Choice, Skeleton, apart_in, assemble, choose, decoded_size, fill

BIG = 400_000


def structure_of(part: Part) -> BodyPart:
    """What a server that reads MIME as we do says of a part."""
    children = tuple(structure_of(child) for child in part.children)
    if part.embedded is not None and not part.children:
        children = (structure_of(part.embedded.root),)
    return BodyPart(
        part.path,
        part.content_type,
        part.parameters,
        part.encoding,
        0 if part.children else len(part.body()),
        part.content_id,
        part.disposition,
        part.filename,
        children,
    )


def head(raw: bytes) -> bytes:
    start = raw.find(b"\r\n\r\n")
    return raw[: start + 4]


def serve(message: Message, sections: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """What a server gives for these sections of a message."""
    for section in sections:
        path, _, kind = section.rpartition(".")
        if section == "HEADER":
            yield section, head(message.raw)
        elif kind == "MIME":
            found = message.part(path)
            assert found is not None
            lines = (b"%s: %s\r\n" % (n.encode(), value) for n, value in found.headers.items())
            yield section, b"".join(lines) + b"\r\n"
        elif kind == "HEADER":
            found = message.part(path)
            assert found is not None
            yield section, head(found.data())
        else:
            found = message.part(section)
            assert found is not None
            yield section, found.body()


def skeleton_of(raw: bytes) -> tuple[Choice, Skeleton]:
    message = parse(raw)
    structure = structure_of(message.root)
    choice = choose(structure)
    assert choice is not None
    made = assemble(structure, choice, dict(serve(message, choice.sections)))
    assert made is not None
    return choice, made


def entity(fields: str, body: bytes) -> bytes:
    return fields.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def multipart(kind: str, *parts: bytes, boundary: str = "b", fields: str = "") -> bytes:
    top = f'{fields}Content-Type: multipart/{kind}; boundary="{boundary}"'
    lines = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return entity(top, b"preamble\r\n" + lines + b"--%s--\r\n" % boundary.encode())


TEXT = entity("Content-Type: text/plain; charset=utf-8", "Grüße\r\n".encode())
HTML = entity("Content-Type: text/html", b'<p>rich</p><img src="cid:pic@x"><img src="cid:huge">')
PICTURE = entity(
    "Content-Type: image/png\nContent-ID: <pic@x>\nContent-Transfer-Encoding: base64", b"iVBO"
)
HUGE = entity("Content-Type: image/png\nContent-ID: <huge>", b"x" * BIG)
FILE = entity(
    "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
    'Content-Disposition: attachment; filename="plan.pdf"',
    b"QUJD" * (BIG // 4),
)
SUBJECT = "Subject: Plans\nFrom: Ada <ada@example.org>\n"


def test_the_text_comes_and_the_file_does_not() -> None:
    rich = multipart("related", HTML, PICTURE, HUGE, boundary="r")
    both = multipart("alternative", TEXT, rich, boundary="a")
    raw = multipart("mixed", both, FILE, fields=SUBJECT)
    choice, made = skeleton_of(raw)
    assert choice.sections[0] == "HEADER"
    assert choice.bodies == {"1.1", "1.2.1", "1.2.2"}
    assert made.absent == {"1.2.3": BIG, "2": BIG}
    assert len(made.raw) < 2000
    away = {path: Apart(decoded_size(size, "base64"), False) for path, size in made.absent.items()}
    shown = render(MessageId(1), made.raw, away)
    whole = render(MessageId(1), raw)
    assert (shown.html, shown.text, shown.headers) == (whole.html, whole.text, whole.headers)
    assert [(a.part, a.filename, a.inline, a.here) for a in shown.attachments] == [
        ("1.2.2", "attachment.png", True, True),
        ("1.2.3", "attachment.png", True, False),
        ("2", "plan.pdf", False, False),
    ]
    assert abs(shown.attachments[2].size - BIG * 3 // 4) < BIG // 20
    assert summarise(made.raw) == summarise(raw)


def test_a_bounce_that_returns_a_large_message_says_whose_it_is() -> None:
    status = b"Final-Recipient: rfc822; b@x.example\r\nAction: failed\r\n"
    sent = multipart("mixed", TEXT, FILE, boundary="i", fields="Message-ID: <sent@x>\n")
    raw = multipart(
        "report",
        TEXT,
        entity("Content-Type: message/delivery-status", status),
        entity("Content-Type: message/rfc822", sent),
        fields=SUBJECT,
    )
    _, made = skeleton_of(raw)
    assert len(made.raw) < 2000
    report = summarise(made.raw)[1].report
    assert report is not None
    assert report.message_id == "<sent@x>"
    assert report == summarise(raw)[1].report


def test_a_body_that_came_later_is_in_its_place() -> None:
    inner = entity("Subject: inner", b"words " * BIG)
    raw = multipart("mixed", TEXT, entity("Content-Type: message/rfc822", inner), FILE)
    _, made = skeleton_of(raw)
    read = parse(made.raw)
    assert read.part("2.1") is not None
    (attached, _) = render(MessageId(1), made.raw).attachments
    assert attached.filename == "inner.eml"
    assert apart_in("2.1", made.absent) == "2"
    assert apart_in("1", made.absent) == ""
    filled = parse(fill(made.raw, {"2": inner, "7": b"never asked for"}))
    part = filled.part("2.1")
    assert part is not None
    assert part.data() == b"words " * BIG
    kept, untouched = filled.part("1"), filled.part("3")
    assert kept is not None
    assert untouched is not None
    assert (kept.text(), untouched.body()) == ("Grüße\n", b"")


def test_what_must_be_whole() -> None:
    signed = multipart("signed", TEXT, FILE)
    for raw in (
        signed,
        multipart("mixed", signed, FILE, boundary="o"),
        multipart("encrypted", TEXT, FILE),
        entity("Content-Type: application/pkcs7-mime", b"x" * BIG),
        entity("Content-Type: message/partial; id=a; number=1; total=2", b"x" * BIG),
        entity("Content-Type: text/plain", b"x" * BIG),  # all of it is to be read
        multipart("mixed", *[TEXT] * 300, FILE),
    ):
        assert choose(structure_of(parse(raw).root)) is None
    assert choose(None) is None
    good = structure_of(parse(multipart("mixed", TEXT, FILE)).root)
    for broken in (
        replace(good, children=()),
        replace(good, children=(good.children[1], good.children[0])),  # counted wrongly
        replace(good, children=(replace(good.children[0], content_type=""), good.children[1])),
    ):
        assert choose(broken) is None


def test_a_message_that_is_one_large_file() -> None:
    raw = entity(SUBJECT + "Content-Type: application/pdf; name=plan.pdf", b"x" * BIG)
    choice, made = skeleton_of(raw)
    assert choice.sections == ("HEADER",)
    assert made.absent == {"1": BIG}
    shown = render(MessageId(1), made.raw, {"1": Apart(BIG, False)})
    assert [(a.part, a.filename, a.size, a.here) for a in shown.attachments] == [
        ("1", "plan.pdf", BIG, False)
    ]
    assert fill(made.raw, {"1": b"x" * BIG}) == raw


def test_headers_that_say_otherwise_than_the_server() -> None:
    raw = multipart("mixed", TEXT, FILE, fields=SUBJECT)
    structure = structure_of(parse(raw).root)
    choice = choose(structure)
    assert choice is not None
    true = dict(serve(parse(raw), choice.sections))
    for lie in (
        {"HEADER": b"Subject: Plans\r\nContent-Type: text/plain\r\n\r\n"},
        {"HEADER": b""},
        {"HEADER": b'Content-Type: multipart/mixed; boundary="\r\n\r\n--evil"\r\n\r\n'},
        {"1": b"Gr\r\n--b\r\nContent-Type: text/html\r\n\r\nsmuggled\r\n--b--\r\n"},
        {"1.MIME": b'Content-Type: multipart/mixed; boundary="c"\r\n\r\n', "1": b"--c\r\n\r\nx"},
        {"2.MIME": b"Content-Type: application/pdf\r\n\r\n--b\r\n\r\nsmuggled\r\n"},
        {"1.MIME": b"\r\n--b--\r\n"},
    ):
        told = true | lie
        made = assemble(structure, choice, told)
        assert made is not None
        read = parse(made.raw)
        assert [p.path for p in read.walk()] == ["", "1", "2"]
        assert read.root.children[0].body() == told["1"]
        assert read.root.children[1].body() == b""
        assert made.absent == {"2": BIG}


def test_a_text_the_structure_hid_is_asked_for_then() -> None:
    raw = multipart("mixed", FILE, TEXT.replace(b"Gr", b"Gr" * BIG), fields=SUBJECT)
    message = parse(raw)
    structure = structure_of(message.root)
    liar = replace(
        structure,
        children=(
            structure.children[0],
            replace(structure.children[1], content_type="application/octet-stream"),
        ),
    )
    choice = choose(liar)
    assert choice is not None
    made = assemble(liar, choice, dict(serve(message, choice.sections)))
    assert made is not None
    assert made.unread == ("2",)
    given_now = dict(serve(message, (*choice.sections, "2")))
    again = assemble(liar, choice, given_now)
    assert again is not None
    assert (again.unread, again.absent) == ((), {"1": BIG})


def test_a_rich_form_the_structure_hid_is_asked_for_then() -> None:
    html = entity("Content-Type: text/html", b"<p>rich</p>" * BIG)
    raw = multipart("alternative", TEXT, html, fields=SUBJECT)
    structure = structure_of(parse(raw).root)
    text, rich = structure.children
    liar = replace(structure, children=(text, replace(rich, content_type="a/b", size=BIG)))
    choice = choose(liar)
    assert choice is not None
    made = assemble(liar, choice, dict(serve(parse(raw), choice.sections)))
    assert made is not None
    assert made.unread == ("2",)


def test_what_the_server_did_not_give_is_absent() -> None:
    raw = multipart("mixed", TEXT, PICTURE, FILE, fields=SUBJECT)
    structure = structure_of(parse(raw).root)
    choice = choose(structure)
    assert choice is not None
    told = dict(serve(parse(raw), choice.sections))
    for section in ("2", "3.MIME", "2.MIME"):
        del told[section]
    made = assemble(structure, choice, told)
    assert made is not None
    assert made.absent == {"2": 4, "3": BIG}
    shown = render(MessageId(1), made.raw, {"3": Apart(5, False)})
    assert [(a.part, a.filename, a.here) for a in shown.attachments] == [
        ("2", "attachment.png", True),
        ("3", "plan.pdf", False),
    ]


# --- any tree


@dataclass(frozen=True, slots=True)
class Node:
    """What a message is made of: so an example found is a few lines, however large its bodies."""

    kind: str
    size: int = 0
    fields: str = ""
    inner: tuple[Node, ...] = ()


def written(node: Node, path: str = "b") -> bytes:
    parts = [written(one, f"{path}.{number}") for number, one in enumerate(node.inner)]
    if node.kind == "message/rfc822":
        return entity("Content-Type: message/rfc822", b"Subject: inner\r\n" + parts[0])
    if parts:
        return multipart(node.kind, *parts, boundary=path)
    body = (b"word " * (node.size // 5 + 1))[: node.size]
    return entity(f"Content-Type: {node.kind}{node.fields}", body)


NAMED = "; name=x.bin"
FILES = "\nContent-Disposition: attachment; filename=f.bin"
LEAVES = st.builds(
    Node,
    st.sampled_from(
        ["text/plain", "text/html", "image/png", "application/pdf", "text/calendar", "text/x-log"]
    ),
    st.sampled_from([0, 1, 50, 9_000, 140_000]),
    st.sampled_from(
        ["", NAMED, FILES, "\nContent-ID: <a@b>", "\nContent-Transfer-Encoding: base64"]
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            Node,
            st.sampled_from(["mixed", "alternative", "related", "digest", "report"]),
            inner=st.lists(inner, min_size=1, max_size=4).map(tuple),
        ),
        st.builds(Node, st.just("message/rfc822"), inner=st.tuples(inner)),
    ),
    max_leaves=12,
)
LARGE = Node("application/pdf", 140_000)
LATE_CHOICE = (
    LARGE,
    Node("alternative", inner=(Node("text/plain", 50), Node("text/html", 140_000, NAMED))),
)


@settings(max_examples=300, deadline=None)
@given(TREES)
@example(Node("mixed", inner=(*LATE_CHOICE, LARGE)))
@example(Node("mixed", inner=(LARGE, Node("related", inner=LATE_CHOICE[1:]), LARGE)))
def test_any_tree_keeps_its_shape_and_its_text(tree: Node) -> None:
    raw = b"Subject: any\r\n" + written(tree)
    message = parse(raw)
    structure = structure_of(message.root)
    choice = choose(structure)
    event("in part" if choice else "whole")
    if choice is None:
        return
    made = assemble(structure, choice, dict(serve(message, choice.sections)))
    assert made is not None
    assert made.unread == ()
    read = parse(made.raw)
    assert [(p.path, p.content_type) for p in read.walk()] == [
        (p.path, p.content_type) for p in message.walk()
    ]
    for before, after in zip(message.walk(), read.walk(), strict=True):
        if not before.children and before.path not in made.absent:
            assert after.body() == before.body()
    assert [(b.text and b.text.text(), b.html and b.html.text()) for b in layout(read).blocks] == [
        (b.text and b.text.text(), b.html and b.html.text()) for b in layout(message).blocks
    ]
    bodies = {}
    for path in made.absent:
        part = message.part(path)
        assert part is not None
        bodies[path] = part.body()
    full = parse(fill(made.raw, bodies))
    for before, after in zip(message.walk(), full.walk(), strict=True):
        if not before.children:
            assert after.body() == before.body()


# --- any bytes

BOUNDARY_B = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
NOISE = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"--b\r\n", b"--b--\r\n", b"\r\n\r\n", b"\r", b" ", b"--c\r\n\r\n",
                BOUNDARY_B, BOUNDARY_B.replace(b"=b", b"=c"), b"Content-Type: multipart; x\r\n",
                b"Content-Type: multipart/digest; boundary*1*0=x; boundary*0=c\r\n",
                b"Content-Type: message/rfc822\r\n", b"X: y\rContent-Type: text/html\r\n",
            ]
        ),
    ),
    max_size=4,
).map(b"".join)  # fmt: skip
LETTER = entity("Content-Type: message/rfc822", b"Subject: inner\r\n\r\n" + b"x" * BIG)
SHAPES = {
    "two": multipart("mixed", TEXT, FILE),
    "file": FILE,
    "deep": multipart("mixed", multipart("mixed", TEXT, FILE, boundary="c"), LETTER),
}
SECTIONS = ("1", "2", "1.1", "1.2")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(SHAPES)),
    NOISE,
    st.dictionaries(
        st.sampled_from([*SECTIONS, *(f"{one}.MIME" for one in SECTIONS), "2.HEADER"]), NOISE
    ),
    NOISE,
)
@example("two", b"ContenT-type:multipart/m;boundary=b", {"2.MIME": b"--b--"}, b"data")
@example("two", BOUNDARY_B, {"2.MIME": BOUNDARY_B.replace(b"=b", b"=c")}, b"--c\r\n\r\nx")
@example("two", BOUNDARY_B, {}, b"x\r\n--b\r\n\r\nsmuggled")
@example("file", b"", {}, b"\r\nSubject: x\r\n\r\n")
@example("file", BOUNDARY_B, {}, b"--b\r\n\r\nsmuggled")
@example("deep", b"X: y\rContent-Type: text/html\r\n", {"1.MIME": BOUNDARY_B}, b"\r\n--b--")
def test_no_bytes_make_it_raise_or_take_another_shape(
    shape: str, top: bytes, lies: dict[str, bytes], late: bytes
) -> None:
    message = parse(SHAPES[shape])
    structure = structure_of(message.root)
    choice = choose(structure)
    assert choice is not None
    made = assemble(structure, choice, {"HEADER": top, **lies})
    event("made" if made else "none made")
    if made is None:
        return
    read = parse(made.raw)
    full = parse(fill(made.raw, dict.fromkeys(made.absent, late)))
    for seen in (read, full):
        assert [p.path for p in seen.walk()] == [p.path for p in message.walk()]
    for before, after in zip(read.walk(), full.walk(), strict=True):
        if after.path in made.absent:
            assert after.body() == late
        elif not after.children:
            assert before.body() == after.body() == lies.get(after.path, b"")
    for one in (made.raw, full.raw):
        render(MessageId(1), one)


def test_a_boundary_in_a_body_that_came_later_is_a_part_of_it() -> None:
    """The server reads the last of two boundaries, we the first, and it is in the file."""
    raw = multipart("mixed", TEXT, FILE, fields=SUBJECT)
    structure = structure_of(parse(raw).root)
    choice = choose(structure)
    assert choice is not None
    two = SUBJECT.encode() + b"Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n"
    made = assemble(structure, choice, dict(serve(parse(raw), choice.sections)) | {"HEADER": two})
    assert made is not None
    hidden = b"\r\n--a\r\nContent-Type: text/html\r\n\r\nsmuggled\r\n--a--\r\n"
    plain, full = fill(made.raw, {"2": b"QUJD"}), fill(made.raw, {"2": hidden})
    assert b"boundary=a" in plain  # what the sender wrote stays where it does no harm
    read = parse(full)
    assert [(p.path, p.filename) for p in read.walk()] == [("", ""), ("1", ""), ("2", "plan.pdf")]
    assert [p.body() for p in read.root.children] == [parse(raw).root.children[0].body(), hidden]
    assert read.headers.get("subject") == b"Plans"


def test_a_header_larger_than_any_is_not_taken_apart() -> None:
    raw = multipart("mixed", TEXT, FILE, fields=SUBJECT)
    structure = structure_of(parse(raw).root)
    choice = choose(structure)
    assert choice is not None
    told = dict(serve(parse(raw), choice.sections))
    large = told["2.MIME"][:-2] + b"X: y\r\n" * 200_000 + b"\r\n"
    assert assemble(structure, choice, told | {"2.MIME": large}) is None


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.builds(
            BodyPart,
            st.sampled_from(["", "1", "2", "1.1"]),
            st.sampled_from(["text/plain", "image/png", "multipart/mixed", "message/rfc822", "?"]),
            size=st.sampled_from([-1, 0, 10, 1 << 40]),
        ),
        lambda inner: st.builds(
            BodyPart,
            st.sampled_from(["", "1", "2"]),
            st.sampled_from(["multipart/mixed", "multipart/signed", "message/rfc822", "a/b"]),
            children=st.lists(inner, max_size=3).map(tuple),
        ),
        max_leaves=6,
    )
)
def test_no_structure_makes_it_raise(structure: BodyPart) -> None:
    choice = choose(structure)
    if choice is not None:
        assemble(structure, choice, {})
