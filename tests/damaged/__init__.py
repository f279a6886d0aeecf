"""Kernels on disk that are damaged in every way, and a run that meets them: the same bits, in bounded memory."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.cli.conftest import SMALL
from tests.command import TIMEOUT_SECONDS, command, environment
from xonet.kernels import kept

NETWORK = SMALL.replace("epochs: 3", "epochs: 1")
MEMORY = 2**31
"""Bytes that a run may write to; a tenth is enough on two processors."""


class Broken(AssertionError):
    """A run ended otherwise than it should, or with other bits."""


def behind_a_right_fingerprint(path, code):
    path.write_bytes(kept._fingerprint(path.stem, code) + code)


def code_of(path):
    return path.read_bytes()[kept.FINGERPRINT :]


def another(path, draw):
    return draw.choice(sorted(set(path.parent.glob("*.o")) - {path}))


def flip(whole, draw, end=None):
    place = draw.randrange(end or len(whole))
    return whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :]


def flipped(path, draw):
    path.write_bytes(flip(path.read_bytes(), draw))


def many_flipped(path, draw):
    whole = path.read_bytes()
    for _ in range(draw.randrange(2, 100)):
        whole = flip(whole, draw)
    path.write_bytes(whole)


def cut(path, draw):
    path.write_bytes(path.read_bytes()[: draw.randrange(path.stat().st_size)])


def longer(path, draw):
    path.write_bytes(path.read_bytes() + draw.randbytes(draw.choice([1, 16, 5000])))


def zeros(path, draw):
    """A part that a disk lost, or all."""
    whole = path.read_bytes()
    begin, end = sorted(draw.sample(range(len(whole) + 1), 2)) if draw.random() < 0.7 else (0, len(whole))
    path.write_bytes(whole[:begin] + bytes(end - begin) + whole[end:])


def empty(path, draw):
    path.write_bytes(b"")


def another_kernels_file(path, draw):
    path.write_bytes(another(path, draw).read_bytes())


def garbage_behind_a_right_fingerprint(path, draw):
    start = draw.choice([b"", b"\x7fELF", b"\x7fELF\x02\x01\x01", code_of(path)[:64]])
    behind_a_right_fingerprint(path, start + draw.randbytes(draw.choice([0, 1, 64, 5000])))


def cut_behind_a_right_fingerprint(path, draw):
    behind_a_right_fingerprint(path, code_of(path)[: -draw.randrange(1, path.stat().st_size)])


def another_kernel_behind_a_right_fingerprint(path, draw):
    behind_a_right_fingerprint(path, code_of(another(path, draw)))


def header_behind_a_right_fingerprint(path, draw):
    behind_a_right_fingerprint(path, flip(code_of(path), draw, 64))


def of_another_version(path, draw):
    """A whole file, as another installation wrote it."""
    right, kept.digest = kept.digest, lambda: "0" * 24
    try:
        behind_a_right_fingerprint(path, code_of(path))
    finally:
        kept.digest = right


def pipe(path, draw):
    path.unlink()
    os.mkfifo(path)


def bound_socket(path, draw):
    path.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        before = os.getcwd()
        os.chdir(path.parent)  # the name of a socket must be short
        try:
            listening.bind(path.name)
        finally:
            os.chdir(before)


def link(path, draw):
    to = another(path, draw)
    path.unlink()
    path.symlink_to(draw.choice(["/dev/zero", "/proc/kmsg", "/dev/tty", "/proc/self/mem", path.name, "nowhere", to]))


def folder(path, draw):
    path.unlink()
    path.mkdir()


def unreadable(path, draw):
    path.chmod(draw.choice([0, 0o200, 0o111]))


def written_by_others(path, draw):
    path.chmod(0o666)


def sparse(path, draw):
    with open(path, "r+b") as file:
        file.truncate(draw.choice([2**32, 2**40, kept.LARGEST + 1, kept.LARGEST]))


def hard_link(path, draw):
    to = another(path, draw)
    path.unlink()
    os.link(to, path)


KINDS = (
    flipped, many_flipped, cut, longer, zeros, empty, another_kernels_file, garbage_behind_a_right_fingerprint,
    cut_behind_a_right_fingerprint, another_kernel_behind_a_right_fingerprint, header_behind_a_right_fingerprint,
    of_another_version, pipe, bound_socket, link, folder, unreadable, written_by_others, sparse, hard_link,
)  # fmt: skip


def run(at, cache):
    """The bytes of the model that a run ends with, and what it said but for its epochs."""
    try:
        done = subprocess.run(
            command("run", "small.yaml", "--overwrite"), cwd=at, env=environment(XONET_CACHE_DIR=str(cache)),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Broken("it hangs") from None
    if done.returncode:
        how = signal.Signals(-done.returncode).name if done.returncode < 0 else f"status {done.returncode}"
        raise Broken(f"{how}: {done.stderr}")
    said = [line for line in done.stderr.splitlines() if not line.startswith("epoch")]
    return Path(at, "runs/small/model.safetensors").read_bytes(), said


def damage_some(at, files, seed, say=lambda text: None):
    """Damage so many files of a cache in `at`, each before a run of its own; gives how often kernels were compiled.

    Raises:
        Broken: where a run does not end as if nothing were damaged.
    """
    draw, cache, compiled = random.Random(seed), Path(at, "cache"), 0
    Path(at, "small.yaml").write_text(NETWORK)
    model, _ = run(at, cache)
    (place,) = cache.iterdir()
    assert place.name == kept.digest(), "what is written behind a right fingerprint would not be right"
    whole = shutil.copytree(place, Path(at, "whole"))
    names = sorted(path.name for path in place.iterdir())
    for number in range(files):
        shutil.rmtree(place)
        shutil.copytree(whole, place)
        kind, name = KINDS[(seed + number) % len(KINDS)], draw.choice(names)
        kind(place / name, draw)
        try:
            found, said = run(at, cache)
        except Broken as broken:
            raise Broken(f"{kind.__name__} {name}: {broken}") from None
        if found != model or len(said) > 1 or not all(line.startswith("compiling") for line in said):
            raise Broken(f"{kind.__name__} {name}: {'other bits' if found != model else ''} {said}")
        compiled += len(said)
        say(f"{number + 1:4} {kind.__name__:42} {name:50} {'compiled anew' if said else 'read'}")
    return compiled
