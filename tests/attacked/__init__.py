"""Every writer of the program under attack: links, pipes, devices, full disks, kills, and somebody who swaps files.

Each attack happens in a folder of its own beside one that is not to be touched, to a writer in a forked process.
"""

from __future__ import annotations

import faulthandler
import os
import random
import re
import select
import shutil
import signal
import stat
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.attacked.attacks import ATTACKS, MARK, Attack
from tests.attacked.writers import Writer

TIMEOUT_SECONDS = 60
"""Seconds after which a writer is taken to hang."""
LEFTOVER = re.compile(r"\.xonet-|^tmp|\.part$|\.tmp$")
CANARIES = (
    "model.safetensors", "checkpoint.safetensors", "history.jsonl", "result.json", "out", "xo.yaml", "small.yaml",
    "schema.json", "kernel.o", "unfinished/model.safetensors", "0123456789abcdef01234567/kernel.o",
)  # fmt: skip
"""Files outside, called as the program calls its own; none of them is one."""


@dataclass
class Tally:
    """What attacks on one writer came to."""

    seen: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def attack(writer: Writer, count: int, seed: int, folder: Path) -> Tally:
    """Attack a writer `count` times, in `folder`."""
    rng, tally = random.Random(f"{writer.name} {seed}"), Tally()
    outside = folder / "outside"
    for name in CANARIES:
        (outside / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / name).write_text(f"mine: {name}\n")
    before = snapshot(outside)
    for number in range(count):
        here = folder / "here"
        kind = rng.choice([kind for kind in ATTACKS if kind.possible(writer)])(writer, here, outside, rng)
        said = ""
        try:
            with kind.room():
                writer.prepare(here, rng)
                kind.plant()
                began = time.perf_counter()
                status, said = in_a_child(lambda kind=kind, here=here: writer.run(here, kind.arm), here, kind)
                tally.slowest = max(tally.slowest, time.perf_counter() - began)
                tally.seen["killed" if status == -signal.SIGKILL else "written" if status == 0 else "refused"] += 1
                faults = [*judge(writer, here, kind, status, said)]
                if (after := snapshot(outside)) != before:
                    faults.append(f"outside is another: {sorted(set(before.items()) ^ set(after.items()))}")
                faults += next_one(writer, here, kind) if kind.restores and not faults else []
        except Exception:
            faults = [traceback.format_exc()]
        finally:
            shutil.rmtree(here, ignore_errors=True)
        if faults:
            tally.wrong.append(f"{number} {writer.name} {kind}: {'; '.join(faults)}\n{said}")
            shutil.rmtree(outside)
            return_to(outside)
            before = snapshot(outside)
    return tally


def return_to(outside: Path) -> None:
    """The folder outside as it was."""
    for name in CANARIES:
        (outside / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / name).write_text(f"mine: {name}\n")


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that can be another in a folder: names, contents, permissions, owners, times."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        was = path.lstat()
        inside = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (was.st_mode, was.st_uid, was.st_gid, was.st_ino, was.st_mtime_ns, was.st_size, inside)
    return found


def judge(writer: Writer, here: Path, kind: Attack, status: int, said: str) -> list[str]:
    """What is wrong after an attack."""
    faults = []
    if status == -signal.SIGALRM:
        faults.append(f"it hung for {TIMEOUT_SECONDS} s")
    elif status not in (0, 1, 2) and not (status == -signal.SIGKILL and kind.kills):
        faults.append(f"status {status}")
    if "Traceback" in said:
        faults.append("a traceback")
    if status in (1, 2) and not said.strip():
        faults.append("not a word")
    for path in files(here):
        found = content(path)
        if not found.startswith(MARK) and (fault := writer.broken(path, found)):
            faults.append(f"{path.relative_to(here)}: {fault}")
    if status == 0 and not kind.races and (fault := writer.missing(here, said)):
        faults.append(fault)
    if status != -signal.SIGKILL and (left := leftovers(here, kind)):
        faults.append(f"left: {left}")
    return faults


def next_one(writer: Writer, here: Path, kind: Attack) -> list[str]:
    """What is wrong after the writer ran once more, and nobody attacked it."""
    writer.again(here)
    status, said = in_a_child(lambda: writer.run(here, lambda: None), here, None)
    if status not in (0, 1) or (fault := writer.missing(here, said)):
        return [f"the next one: status {status} {said}{fault if status in (0, 1) else ''}"]
    return [f"the next one left {left}"] if (left := leftovers(writer.place(here, said), kind)) else []


def content(path: Path) -> bytes:
    """What is in a file; of one that nobody may read, which the attacker made, that it is the attacker's."""
    return MARK if not path.lstat().st_mode & 0o777 else path.read_bytes()


def files(here: Path) -> list[Path]:
    """Every plain file below a folder."""
    return [path for path in here.rglob("*") if stat.S_ISREG(path.lstat().st_mode)]


def leftovers(here: Path, kind: Attack) -> list[str]:
    """Files that should only live while something is written; what the attack itself put there is none."""
    found = [path for path in here.rglob("*") if LEFTOVER.search(path.name) and path.lstat().st_ino not in kind.planted]
    return [str(path) for path in found if not (path.is_file() and content(path).startswith(MARK))]


def in_a_child(work, here: Path, kind: Attack | None) -> tuple[int, str]:
    """Do something in a forked process, in the folder, with the attacker at work; its status, and what it said."""
    read, write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 99
        try:
            faulthandler.register(signal.SIGALRM, chain=True)
            signal.alarm(TIMEOUT_SECONDS)
            os.dup2(write, 1)
            os.dup2(write, 2)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)
            os.chdir(here)
            status = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    os.close(write)
    attacker = os.fork() if kind and kind.races else 0
    if kind and kind.races and attacker == 0:
        try:
            os.close(read)
            kind.race(child)
        finally:
            os._exit(0)
    said = b""
    while select.select([read], [], [], TIMEOUT_SECONDS)[0] and (part := os.read(read, 65536)):
        said += part
    _, status = os.waitpid(child, 0)
    if attacker:
        os.kill(attacker, signal.SIGKILL)
        os.waitpid(attacker, 0)
    os.close(read)
    return os.waitstatus_to_exitcode(status), said.decode(errors="replace")
