"""The project's own rules: small files with a head, and nothing of any one machine in git."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import martlet

ROOT = Path(__file__).resolve().parent.parent
LINE_LIMIT = 500
MODULES = sorted((ROOT / "app").rglob("*.py")) + sorted((ROOT / "tests").rglob("*.py"))
_FORBIDDEN = re.compile(
    # folders of one machine, index settings, and addresses of package registries or their mirrors
    r"/work/(main|shared)|/root/|/tmp/(venv|brief)|(extra-)?index-url\s*=?\s*\S*://"
    r"|find-links\s*=?\s*\S*://|(artifact|pypi|registry|mirror)[\w.-]*\.(internal|local|lan|corp)\b"
    r"|files\.pythonhosted\.org|--trusted-host",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    """The files git knows; without git (a source archive), all that lie in our folders."""
    git = shutil.which("git")
    if git is not None:
        listed = subprocess.run(
            [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if listed.returncode == 0:
            names = [name for name in listed.stdout.split("\0") if name]
            return [ROOT / name for name in names if (ROOT / name).is_file()]
    folders = ("app", "tests", "packaging", "resources", "icons")
    return [path for name in folders for path in (ROOT / name).rglob("*") if path.is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > LINE_LIMIT} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in MODULES
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_nothing_of_one_machine_is_tracked() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__).resolve():
            continue
        data = path.read_bytes()
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if _FORBIDDEN.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_the_lock_is_whole(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text("utf-8")
    entries = re.findall(r"^(\S+?)==\S+(?:[^\n]*\\\n\s+--hash=sha256:[0-9a-f]{64})+", text, re.M)
    assert len(entries) == len(re.findall(r"^[a-z]", text, re.M))
    assert "://" not in text
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    section = project.split("\ndependencies = [")[1].split("]")[0]
    wanted = {entry.lower() for entry in re.findall(r'"([A-Za-z0-9_-]+)[><=]', section)}
    assert wanted <= set(entries)


def test_the_version_has_its_place_in_the_changelog() -> None:
    assert f"\n## {martlet.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_desktop_entry_and_its_description_agree() -> None:
    entry = (ROOT / "packaging" / "org.martlet.Martlet.desktop").read_text("utf-8")
    head, *lines = entry.splitlines()
    assert head == "[Desktop Entry]"
    main = dict(line.split("=", 1) for line in lines)
    assert main["Type"] == "Application"
    assert main["Exec"] == "martlet-window"
    assert main["Categories"].endswith(";")
    about = ElementTree.parse(ROOT / "packaging" / "org.martlet.Martlet.metainfo.xml").getroot()
    assert about.findtext("id") == "org.martlet.Martlet"
    assert about.findtext("project_license") == "MPL-2.0"
    assert about.findtext("launchable") == "org.martlet.Martlet.desktop"
