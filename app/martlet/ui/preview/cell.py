"""Takes from the preview process what it does not need before it sees the first hostile byte.

No new rights, no network (a namespace of its own, where that is allowed, and no new sockets), no
program started, no file written, none read but those of Python, Qt and the fonts (Landlock), so
much memory and time and no more. What a system does not have is left out: the process is apart
from the window in any case. Linux mostly; other systems get the limits that they know.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_SIGKILL = 9
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ = (1 << 2) | (1 << 3)
# Beside that: write, remove and make files, cut them off, talk to devices.
_WRITE = _READ | (1 << 1) | (1 << 5) | (1 << 8) | (1 << 14) | (1 << 15)
_OF_A_FILE = (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)
# Every right on files that Landlock's first version knows: run, write, read, list, remove, make.
_FILE_RIGHTS = (1 << 13) - 1
_LATER_FILE_RIGHTS = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_NET_RIGHTS = 3
_SCOPES = 3
# AUDIT_ARCH of linux/audit.h and the numbers of: socket, socketpair, connect, bind; execve,
# execveat, ptrace, process_vm_readv, process_vm_writev, kill, tkill, io_uring_setup, bpf, keyctl;
# unshare, setns, mount, umount2, pivot_root, rt_sigqueueinfo, rt_tgsigqueueinfo,
# name_to_handle_at, open_by_handle_at, perf_event_open, userfaultfd, add_key, request_key;
# pidfd_send_signal, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_open,
# pidfd_getfd and, where there are such, fork and vfork.
_EVERYWHERE = (424, 428, 429, 430, 431, 432, 433, 434, 438)
_REFUSED = {
    "x86_64": (
        0xC000003E,
        (41, 53, 42, 49),
        (59, 322, 101, 310, 311, 62, 200, 425, 321, 250, 272, 308, 165, 166, 155, 129, 297, 303,
         304, 298, 323, 248, 249, *_EVERYWHERE, 57, 58),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 203, 200),
        (221, 281, 117, 270, 271, 129, 130, 425, 280, 219, 97, 268, 40, 39, 41, 138, 240, 264,
         265, 241, 282, 217, 218, *_EVERYWHERE),
    ),
}  # fmt: skip
_EPERM = 1


def enter_alone() -> None:
    """Before any thread exists: a network namespace with nothing in it, where that is allowed."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWNET) != 0 and libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        # Still called what it was, or the sound server takes it for somebody else.
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def lock(
    readable: Iterable[Path], memory: int, *, writable: Iterable[Path] = (), shown: bool = False
) -> None:
    """Once all is loaded. readable, writable: folders whose files it may still read, or write.
    memory: bytes more than it has now. shown: it has a window or a sound, which want memory shared
    with other processes and sockets of this computer."""
    limit(memory, shared=shown)
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    _see_only(libc, readable, writable)
    _refuse_calls(libc, sockets=not shown)


def limit(memory: int, *, shared: bool = False) -> None:
    """So much more memory, no core dump, no file that grows (which shared memory is)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not shared:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Not the address space: the PDF decoder reserves gigabytes of that and never uses them.
    status = Path("/proc/self/status")
    if status.exists():
        data = next(line for line in status.read_text().splitlines() if line.startswith("VmData"))
        most = int(data.split()[1]) * 1024 + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def allow_time(seconds: int) -> None:
    """So much processor time from now on; the system ends a process that needs more."""
    if sys.platform == "win32":
        return
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(usage.ru_utime + usage.ru_stime) + seconds + 1
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))


def _see_only(libc: ctypes.CDLL, readable: Iterable[Path], writable: Iterable[Path]) -> None:
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return
    rights = _FILE_RIGHTS
    for since, more in _LATER_FILE_RIGHTS.items():
        rights |= more if version >= since else 0
    rules = struct.pack("<Q", rights)
    if version >= 4:
        rules += struct.pack("<Q", _NET_RIGHTS)
    if version >= 6:
        rules += struct.pack("<Q", _SCOPES)
    ruleset = libc.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return
    granted = [*((each, _READ) for each in readable), *((each, _WRITE) for each in writable)]
    for folder, allowed in granted:
        with contextlib.suppress(OSError):  # one that is not there needs no rule
            at = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            allowed &= rights if folder.is_dir() else _OF_A_FILE & rights
            # struct landlock_path_beneath_attr is packed: 8 and 4 bytes
            libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("<Qi", allowed, at), 0)
            os.close(at)
    libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _refuse_calls(libc: ctypes.CDLL, *, sockets: bool) -> None:
    """A seccomp filter: these system calls fail with EPERM, and all of a foreign architecture."""
    known = _REFUSED.get(platform.machine())
    if known is None:
        return
    architecture, network, numbers = known
    numbers = (*network, *numbers) if sockets else numbers
    load, equal, above, give = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | _EPERM
    count = len(numbers)
    lines = [
        (load, 0, 0, 4),
        (equal, 0, count + 3, architecture),
        (load, 0, 0, 0),
        (above, count + 1, 0, 0x40000000),
    ]
    lines += [(equal, count - at, 0, number) for at, number in enumerate(numbers)]
    lines += [(give, 0, 0, allow), (give, 0, 0, refuse)]
    code = b"".join(struct.pack("<HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("<HxxxxxxQ", len(lines), ctypes.addressof(held))
    libc.prctl(_PR_SET_SECCOMP, 2, program, 0, 0)
