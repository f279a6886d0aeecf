"""Ways to break the data of a case: files, folders, lists, pictures, headers."""

from __future__ import annotations

import gzip
import os
import struct
import unicodedata
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests.agreement.draw import Case
from tests.data import made


def break_file(case: Case) -> bool:
    """A file's bytes are others, or it is no file."""
    if not case.files():
        return False
    path = case.one(case.files())
    raw = path.read_bytes()
    changes: list[Callable[[], Any]] = [
        lambda: path.write_bytes(b""),
        lambda: path.write_bytes(raw[: case.rng.integers(len(raw) + 1)]),
        lambda: path.write_bytes(raw[:-1]),
        lambda: path.write_bytes(raw + b"\0" * int(case.rng.integers(1, 9))),
        lambda: path.write_bytes(raw + raw),
        lambda: path.write_bytes(_scratched(case, raw)),
        lambda: path.write_bytes(case.one(case.files()).read_bytes()),
        lambda: path.write_bytes(b"PK\x03\x04" + raw),
        lambda: path.write_bytes(bytes(case.rng.integers(0, 256, 40, "uint8"))),
        path.unlink,
        lambda: (path.unlink(), path.mkdir()),
        lambda: (path.unlink(), path.symlink_to("nothing")),
        lambda: (path.unlink(), path.symlink_to(path.name)),
        lambda: (path.unlink(), os.mkfifo(path)),
        lambda: path.chmod(0),
        lambda: path.rename(path.with_name(unicodedata.normalize("NFD", f"é{path.name}"))),
        lambda: path.rename(path.with_name("Thumbs.db")),
    ]
    case.one(changes)()
    return True


def _scratched(case: Case, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(case.one((1, 1, 4, 20))):
        if changed:
            changed[int(case.rng.integers(min(len(changed), case.one((8, 40, 10_000)))))] = case.rng.integers(256)
    return bytes(changed)


def break_idx(case: Case) -> bool:
    """The header of an IDX file, plain or gzipped, claims something else, or the file does not hold what it says."""
    found = [path for path in case.files() if "idx" in path.name]
    if not found:
        return False
    path = case.one(found)
    raw = path.read_bytes()
    zipped = raw[:2] == b"\x1f\x8b"
    try:
        raw = bytearray(gzip.decompress(raw) if zipped else raw)
    except (OSError, EOFError, zlib.error):
        return False
    if len(raw) < 9 or raw[3] not in (1, 3):
        return False  # it is broken already
    change = int(case.rng.integers(5))
    if change == 0:
        at = int(case.one(range(4, min(len(raw), 4 + 4 * raw[3]), 4)))
        raw[at : at + 4] = struct.pack(">I", case.one((0, 1, 3, 200, 20_000, 2**16, 2**31, 2**32 - 1)))
    elif change == 1:
        raw[int(case.rng.integers(4))] = case.one((0, 1, 3, 9, 13))
    elif change == 2:
        raw = raw[: int(case.rng.integers(len(raw)))]
    elif change == 3:
        raw[-1] = 255
    else:
        raw += b"\0\1"
    whole = gzip.compress(bytes(raw)) if zipped else bytes(raw)
    cut = case.chance(0.2) and zipped
    path.write_bytes(whole[: case.one((-1, -5, -9, 12, len(whole) // 2))] if cut else whole)
    return True


def break_claims(case: Case) -> bool:
    """The headers of all IDX files, plain or gzipped, claim more pictures than there are; the gzip files are whole."""
    found = [path for path in case.files() if "idx" in path.name]
    count = case.one((50, 1000, 20_000))
    for path in found:
        raw = path.read_bytes()
        try:
            plain = bytearray(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        except (OSError, EOFError, zlib.error):
            return False
        plain[4:8] = struct.pack(">I", count)
        path.write_bytes(gzip.compress(bytes(plain)) if raw[:2] == b"\x1f\x8b" else bytes(plain))
    return bool(found)


def break_folder(case: Case) -> bool:
    """Something more lies in a folder, or less."""
    folders = [path for path in case.folder.rglob("*") if path.is_dir() and not path.is_symlink()]
    if not folders:
        return False
    path = case.one(folders)
    sound = made.png(8, 0, [[0, 9], [200, 255]], 2)
    changes: list[Callable[[], Any]] = [
        lambda: (path / case.one(("Thumbs.db", ".DS_Store", "desktop.ini", "._a.png"))).write_bytes(b"junk"),
        lambda: (path / "more").mkdir(),
        lambda: ((path / "day2").mkdir(), (path / "day2" / "a.png").write_bytes(sound)),
        lambda: (path / "notes.txt").write_text("hello"),
        lambda: (path / ".hidden.png").write_bytes(sound),
        lambda: (path / "link.png").symlink_to("nothing"),
        lambda: (path / "all").symlink_to("."),
        lambda: os.mkfifo(path / "pipe.png"),
        lambda: (path / ("n" * 200 + ".png")).write_bytes(sound),
        lambda: (path / b"\xff.png".decode("utf-8", "surrogateescape")).write_bytes(sound),
        lambda: [file.unlink() for file in path.iterdir() if not file.is_dir()],
        lambda: path.rename(path.with_name(path.name + "2")),
        lambda: path.rename(path.with_name(unicodedata.normalize("NFD", path.name))),
        lambda: path.chmod(0),
        lambda: (path.rename(path.with_name("elsewhere")), path.symlink_to("elsewhere")),
        lambda: [file.rename(path / f"only-{at}") for at, file in enumerate([*path.iterdir()])],
    ]
    case.one(changes)()
    return True


def claiming(width: int, height: int) -> bytes:
    """A PNG file of 2 × 2 pixels that says it is of another size."""
    raw = bytearray(made.png(8, 0, [[0, 9], [200, 255]], 2))
    raw[16:24] = struct.pack(">II", width, height)
    raw[29:33] = struct.pack(">I", zlib.crc32(raw[12:29]))
    return bytes(raw)


def break_picture(case: Case) -> bool:
    """A picture of an unusual kind, blank, or one that says what is not so."""
    found = [path for path in case.files() if "idx" not in path.name and path.suffix not in (".csv", "")]
    if not found:
        return False
    path = case.one(found)
    grey = [[0, 40000], [65535, 9]]
    huge = claiming(case.one((2**31 - 1, 20_000, 9000, 0)), case.one((9, 9000, 20_000, 0)))
    kinds: list[bytes | Image.Image] = [
        made.png(16, 0, grey, 2), made.png(16, 0, grey, 2, [(b"tRNS", struct.pack(">H", 9))]), made.png(1, 0, [[1]], 1),
        made.tiff(made.packed(grey, 16, "<"), (2, 2), {258: 16, 262: 0}),
        made.tiff(b"\0" * 4, (2, 2), {258: 8}, pages=3), made.tiff(b"\0" * 4, (2, 2), {258: 8, 262: 1}, pages=3),
        made.tiff(struct.pack("<4f", 0, 1, 2, 3), (2, 2), {258: 32, 339: 3, 262: 1}), huge, b"GIF89a", b"BM",
        b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff", b"%PDF-1.4", b"<svg/>", b"P5 3 3 255 ", b"P5 1 1 65535 \0\1",
        b"P2 1 1 9 3", b"\0\0\1\0", made.bmp(b"\0" * 4, (1, 1), 24), made.tga(b"\0", (1, 1), 3, 8),
        Image.new("L", (5, 5), 255), Image.new("RGB", (1, 1)), Image.new("F", (2, 2)), Image.new("I;16", (2, 2), 9),
    ]  # fmt: skip
    kind = case.one(kinds)
    path.unlink()
    if isinstance(kind, bytes):
        path.write_bytes(kind)
    else:
        kind.save(path, "TIFF")
    return True


def break_all_pictures(case: Case) -> bool:
    """All pictures are blank, or broken in the same way."""
    found = [path for path in case.files() if path.suffix[1:] in ("png", "jpg", "bmp", "gif", "tif", "webp", "ppm")]
    for path in found:
        path.write_bytes(made.png(8, 0, [[255] * 9] * 9, 9) if case.chance(0.8) else b"\x89PNG\r\n\x1a\n")
    return bool(found)


def break_list(case: Case) -> bool:
    """A list of pictures says something else."""
    found = [path for path in case.files() if path.suffix == ".csv" or path.name == "names"]
    if not found:
        return False
    path = case.one(found)
    lines = path.read_text(errors="replace").splitlines()
    line = int(case.rng.integers(len(lines))) if lines else 0
    old = lines[line] if lines else ""
    new = case.one((
        old + ",more", old.split(",")[0], "", ",", ",".join(reversed(old.split(","))), f'"{old}', f'"{old}"',
        f" {old} ", f"../{old}", f"/{old}", f"./{old}", old + "x", "nothing.png,X", ".,X", "a\0b,X", "path,label",
        "path", old.upper(), old.replace(",", ";"), old.replace(",", "\t"), "../network.yaml,X",
        old + "\n" + old, "é.png,é",
    ))  # fmt: skip
    lines[line : line + 1] = [new]
    text = case.one(("\n", "\r\n", "\r", "\n\n")).join(lines)
    path.write_bytes(text.encode(case.one(("utf-8", "utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16")), "replace"))
    return True


FILES = (
    break_file, break_file, break_idx, break_idx, break_claims, break_folder, break_folder, break_picture, break_list,
    break_all_pictures,
)  # fmt: skip
