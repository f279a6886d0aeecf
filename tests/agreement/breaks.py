"""Ways to break a case on purpose: its document, its files, its folders, its text."""

from __future__ import annotations

import contextlib
import gzip
import math
import os
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

from tests.agreement.draw import Case
from tests.data import made
from tests.fuzz.mutate import Mutator
from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS
from xonet.initializers import INITIALIZERS
from xonet.language.fields import Interval, Number
from xonet.language.scalars import flow
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES

FAMILIES = (SOURCES, AUGMENTATIONS, INITIALIZERS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES)

NUMBERS = (
    0, 1, -1, 2, 0.5, 2.0, -0.0, 2**33, 2**48, 2**62, 2**63 - 1, 2**63, -(2**63), 10**20, 1e-46, 1e-39, 1.2e-38, 1e-37,
    1e-7, 3.3e38, 3.5e38, 1e39, -1e39, 1e308, math.inf, -math.inf, math.nan, 0.9999999, 1e20,
)  # fmt: skip
"""Numbers at bounds and beyond; none of a size that one machine's memory holds and another's does not."""
STRANGE = (
    None, True, False, "", "X", "é", "none", "../..", "/dev/zero", "nothing/here.png", "a\0b", "x" * 300, [], {}, [[]],
    [1, 2, 3], {"a": 1}, "same", "relu", {"share": 0.5}, {"xo": {"count": 4}}, "data1", "1",
)  # fmt: skip
SHARES = (1e-37, 1.2e-38, 1e-20, 5e-20, 6e-20, 1e-9, 0.01, 0.5, 0.9, 0.99, 0.9999999, 0.99999994, 1, 0)


def break_document(case: Case) -> bool:
    """One place of the document says something else."""
    places = [*_places(case.document)]
    if not places:
        return False
    holder, key = case.one(places)
    kind = int(case.rng.integers(6))
    value = holder[key]
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[case.one(("strange", f"{key}s", str(key).upper(), "size"))] = holder.pop(key)
    elif kind == 2:
        holder[key] = case.one(STRANGE)
    elif kind == 3 and isinstance(value, list):
        holder[key] = case.one(([*value, *value], value[:1], value[:-1], [value]))
    elif isinstance(value, int | float | list) or kind > 3:
        holder[key] = case.one(NUMBERS)
    else:
        holder[key] = [value, value]
    return True


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of plain data, as what holds it and its key."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield node, key
        yield from _places(value)


def break_number(case: Case) -> bool:
    """A number of the document is at a bound, or beyond it."""
    numbers = [place for place in _places(case.document) if isinstance(place[0][place[1]], int | float)]
    if not numbers:
        return False
    holder, key = case.one(numbers)
    kind = int if isinstance(holder[key], int) and case.chance(0.8) else (int, float)
    holder[key] = case.one([number for number in NUMBERS if isinstance(number, kind)])
    return True


def break_bound(case: Case) -> bool:
    """A knob of a layer, source, optimizer, … is at one of its bounds: that is sound, unless a rule forbids it."""
    found = [
        (knobs, name, field.kind)
        for holder, word in _places(case.document)
        if isinstance(holder, dict) and isinstance(knobs := holder[word], dict)
        for family in FAMILIES
        if word in family.members
        for name, field in family.members[word].fields.items()
        if isinstance(field.kind, Number | Interval)
    ]
    if not found:
        return False
    knobs, name, kind = case.one(found)
    number = kind if isinstance(kind, Number) else kind.kind
    ends = number.bounds["minimum"], number.bounds["maximum"]
    knobs[name] = case.one(ends) if kind is number else [min(both := (case.one(ends), case.one(ends))), max(both)]
    return True


def break_share(case: Case) -> bool:
    """A share of an extreme size."""
    data = case.document.get("data")
    if not isinstance(data, dict):
        return False
    data[case.one(("validation", "test", "validation", "test", "train", "pictures"))] = {"share": case.one(SHARES)}
    return True


def break_classes(case: Case) -> bool:
    """Other classes than the data has."""
    output = case.document.get("output")
    if not isinstance(output, dict) or not isinstance(output.get("classes"), list):
        return False
    classes = output["classes"]
    output["classes"] = case.one((
        classes[1:], [*classes, "more"], classes[::-1], [unicodedata.normalize("NFD", str(name)) for name in classes],
        [str(name).lower() for name in classes], [*classes[:-1], classes[0]], ["é", "e\u0301"], ["X", "O"],
    ))  # fmt: skip
    return True


def break_sections(case: Case) -> bool:
    """A section is missing, or is that of another task."""
    document = case.document
    change = int(case.rng.integers(5))
    if change == 0 and document:
        document.pop(case.one([*document]))
    elif change < 2:
        document["output"] = {"values": 2}
    elif change == 2:
        document["input"] = {"features": 9}
    elif change == 3:
        document["data"] = {"pictures": {"images": {"folder": "data1"}}}
    else:
        document["expect"] = {"accuracy": {"min": 0.5}, "parameters": {"max": 0}}
    return True


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


def break_picture(case: Case) -> bool:
    """A picture of an unusual kind, blank, or one that says what is not so."""
    found = [path for path in case.files() if "idx" not in path.name and path.suffix not in (".csv", "")]
    if not found:
        return False
    path = case.one(found)
    grey = [[0, 40000], [65535, 9]]
    huge = bytearray(made.png(8, 0, [[0, 9], [200, 255]], 2))
    huge[16:24] = struct.pack(">II", *case.one(((2**31 - 1, 2**31 - 1), (20_000, 20_000), (9000, 9000), (0, 0))))
    kinds: list[bytes | Image.Image] = [
        made.png(16, 0, grey, 2), made.png(16, 0, grey, 2, [(b"tRNS", struct.pack(">H", 9))]), made.png(1, 0, [[1]], 1),
        made.tiff(made.packed(grey, 16, "<"), (2, 2), {258: 16, 262: 0}),
        made.tiff(b"\0" * 4, (2, 2), {258: 8}, pages=3), made.tiff(b"\0" * 4, (2, 2), {258: 8, 262: 1}, pages=3),
        made.tiff(struct.pack("<4f", 0, 1, 2, 3), (2, 2), {258: 32, 339: 3, 262: 1}), bytes(huge), b"GIF89a", b"BM",
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


DOCUMENT = (
    break_document,
    break_document,
    break_number,
    break_bound,
    break_bound,
    break_bound,
    break_share,
    break_classes,
    break_sections,
)
FILES = (
    break_file, break_file, break_idx, break_idx, break_claims, break_folder, break_folder, break_picture, break_list,
    break_all_pictures,
)  # fmt: skip


def break_some(case: Case) -> None:
    """Break a case in one way or a few."""
    for _ in range(case.one((1, 1, 1, 2, 3))):
        changes = DOCUMENT if case.chance(0.5) else FILES
        for change in [changes[at] for at in case.rng.permutation(len(changes))]:
            with contextlib.suppress(OSError):  # what is broken already cannot be broken in each way
                if change(case):
                    case.broken.append(change.__name__)
                    break


def text_of(case: Case) -> bytes:
    """The network file; broken as a text, too, where the case says so."""
    return "".join(f"{key}: {flow(value)}\n" for key, value in case.document.items()).encode("utf-8", "surrogatepass")


def options_of(case: Case) -> list[str]:
    """Arguments that both commands take: where paths begin, and a value in place of the file's."""
    options = ["--data-root", case.one((".", str(case.folder), "data1"))] if case.chance(0.1) else []
    if case.chance(0.15):
        value = case.one((1, 2, "X", *NUMBERS, *STRANGE[:12]))
        path = case.one(("training.epochs", "training.seed", "layers.0", "input.height", "data.train", "name", "no.no"))
        options += ["--set", f"{path}={flow(value)}".replace("\0", "\\0")]
    return options


def break_text(case: Case, raw: bytes) -> bytes:
    """Other bytes in the network file."""
    seed = int(case.rng.integers(2**32))
    change = int(case.rng.integers(6))
    case.broken.append("break_text")
    if change > 1:
        return Mutator(seed, [raw]).token(raw)
    return [raw.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + raw][change]
