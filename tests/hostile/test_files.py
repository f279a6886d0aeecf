"""Hostile files: each ends in a finding with its place within 2 seconds and 300 MB, never in a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hostile.limited import MEMORY, SECONDS, Outcome, validate

VALID = """\
xonet: 1
input: {height: 9, width: 9}
layers:
  - conv2d: {features: 4, kernel_size: 3}
  - relu
  - dense: {units: 2}
output: {classes: [X, O]}
data: {pictures: {xo: {count: 4}}}
"""


def bomb(levels: int, width: int, closing: str = "") -> str:
    lines = ["xonet: 1", "knobs:", "  a0: &a0 [lol]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join([*lines, closing])


def set_to(old: str, new: str) -> str:
    assert old in VALID
    return VALID.replace(old, new)


ZEROS = ", ".join(["0"] * 99_000)
DIGITS = "1" * 1_000_000
HOSTILE: dict[str, tuple[bytes | str, str]] = {
    "alias bomb": (bomb(10, 10), "too-many-aliases"),
    "wide alias bomb": (bomb(3, 400), "too-many-aliases"),
    "alias bomb of keys": ("xonet: 1\na: &a {x: 1}\nb: &b {<<: *a}\nc: {<<: [*a, *b]}\n", "merge-overrides"),
    "aliases that nest": (bomb(10_000, 1), "too-deep"),
    "an alias of itself": ("xonet: 1\nknobs: &k {a: *k}\n", "alias-loop"),
    "10,000 levels of lists": ("xonet: 1\nknobs: {a: " + "[" * 10_000 + "]" * 10_000 + "}\n", "too-deep"),
    "10,000 levels of mappings": ("xonet: 1\nknobs: " + "{a: " * 10_000 + "}" * 10_000, "too-deep"),
    "10,000 levels in blocks": ("\n".join(" " * n + "a:" for n in range(1_000)), "too-deep"),
    "10,000 levels of dashes": ("- " * 10_000 + "a", "too-deep"),
    "10,000 open brackets": ("[" * 10_000, "too-deep"),
    "100 MB of NUL": (b"\0" * 100_000_000, "too-long"),
    "100 MB of zeros": (b"0" * 100_000_000, "too-long"),
    "1 MB of NUL": (b"\0" * 1_000_000, "control-character"),
    "1 MB of one digit": (b"0" * 1_000_000, "not-a-mapping"),
    "1 MB of spaces": (b" " * 1_000_000, "empty-file"),
    "1 MB of lines": (b"\n" * 1_000_000, "empty-file"),
    "1 MB of tabs": (b"a:\n" + b"\t" * 1_000_000, "tab"),
    "1 MB of dashes": (b"-" * 1_000_000, "not-a-mapping"),
    "1 MB of anchors": (b"&a " * 300_000, "yaml-syntax"),
    "1 MB of quotes": (b'"' * 1_000_001, "yaml-syntax"),
    "1 MB of comment": (b"#" * 1_000_000, "empty-file"),
    "1 MB of exclamation": (b"! " * 500_000, "yaml-syntax"),
    "one NUL": (VALID.replace("relu", "re\0lu").replace("9", "\x009", 1), "control-character"),
    "broken UTF-8": (VALID.encode().replace(b"dense", b"d\xffnse"), "not-utf8"),
    "half a character": (VALID.encode() + b"# \xe2\x82", "not-utf8"),
    "surrogates": (VALID.encode() + b"# \xed\xa0\x80", "not-utf8"),
    "UTF-16": (VALID.encode("utf-16"), "not-utf8"),
    "tabs": (VALID.replace("  - ", "\t- "), "tab"),
    "empty": ("", "empty-file"),
    "only a comment": ("# nothing", "empty-file"),
    "a scalar": ("xonet", "not-a-mapping"),
    "a list": ("[1, 2]", "not-a-mapping"),
    "a million digits": (set_to("features: 4", f"features: {DIGITS}"), "wrong-type"),
    "a million hexadecimal digits": (set_to("features: 4", f"features: 0x{DIGITS}"), "wrong-type"),
    "a million octal digits": (set_to("units: 2", f"units: 0o{DIGITS}"), "wrong-type"),
    "a million digits of a fraction": (set_to("units: 2", f"units: 0.{DIGITS}"), "wrong-type"),
    "a number too large": (set_to("count: 4", "count: 4, noise: 1e999"), "wrong-type"),
    "an exponent of a million digits": (set_to("count: 4", f"count: 4, noise: 1e{DIGITS}"), "wrong-type"),
    "many features": (set_to("features: 4", f"features: {10**18}"), "too-large"),
    "many units": (set_to("units: 2", f"units: {10**290}"), "out-of-range"),
    "a large input": (set_to("height: 9", f"height: {10**290}"), "out-of-range"),
    "many rounds": (set_to("- dense", f"- repeat: {{times: {10**9}, layers: [relu]}}\n  - dense"), "too-many-layers"),
    "rounds of rounds": (
        set_to("- dense", "- " + "repeat: {times: 99, layers: [" * 12 + "relu" + "]}" * 12 + "\n  - dense"),
        "too-many-layers",
    ),
    "a large window": (set_to("kernel_size: 3", f"kernel_size: {10**290}"), "out-of-range"),
    "a large dilation": (set_to("kernel_size: 3", f"kernel_size: 3, dilation: {10**290}"), "out-of-range"),
    "a large padding": (set_to("kernel_size: 3", f"kernel_size: 3, padding: {10**290}"), "out-of-range"),
    "many values": (set_to("data:", f"knobs: {{a: [{ZEROS}, {ZEROS}]}}\ndata:"), "too-many-values"),
    "many weights": (set_to("kernel_size: 3", f"kernel_size: 3, weights: [{ZEROS}]"), "literal-shape"),
    "many words for weights": (set_to("kernel_size: 3", f"kernel_size: 3, weights: [{'a, ' * 90_000}]"), "wrong-type"),
    "many classes": (set_to("[X, O]", f"[{'a, ' * 90_000}]"), "duplicate-entry"),
    "many classes that are mappings": (set_to("[X, O]", f"[{'{}, ' * 90_000}]"), "wrong-type"),
    "many values before many faults": (
        set_to("kernel_size: 3", f"kernel_size: 3, weights: [{ZEROS[: -30 * 1000]}{', a' * 2000}]"),
        "wrong-type",
    ),
    "many unknown keys": (VALID + "\n".join(f"k{n}: 1" for n in range(40_000)), "unknown-key"),
    "many equal keys": (VALID + "name: a\n" * 40_000, "duplicate-key"),
    "many unknown aliases": (VALID + f"knobs: [{', '.join(f'*a{n}' for n in range(40_000))}]", "unknown-alias"),
    "many anchors": (
        VALID + "knobs: {" + "".join(f"a{n}: &a{n} 1, " for n in range(30_000)) + ", ".join(["b: *b"] * 600) + "}",
        "duplicate-key",
    ),
    "many documents": (VALID + "---\n" * 100_000, "several-documents"),
    "a long key": (VALID + "a" * 900 + ": 1\n", "unknown-key"),
    "a very long key": (VALID + '? "' + "a" * 900_000 + '"\n: 1\n', "unknown-key"),
    "a long wrong layer": (set_to("dense", "d" * 1000), "unknown-layer"),
    "a long name": (VALID + f"name: {'a ' * 400_000}b", "bad-name"),
    "a python tag": (VALID + "name: !!python/object/apply:os.system [touch owned]\n", "tag"),
    "a python tag of a module": ("!!python/module:antigravity\nxonet: 1\n", "tag"),
    "directives": ("%YAML 9.9\n%TAG ! tag:x,2000:\n---\n" + VALID, "yaml-syntax"),
    "a key that is a list": (VALID + "? [a, b]\n: 1\n", "key-not-a-word"),
    "a key that is null": (VALID + "~: 1\n", "key-not-a-word"),
    "terminal escapes": (VALID.encode() + b"name: \x1b]0;owned\x07\n", "control-character"),
    "bidirectional override": (VALID + "name: \u202eno\n", "control-character"),
    "bidirectional isolate in a comment": (VALID + "# \u2066 # name: x\n", "control-character"),
    "a right-to-left mark in quotes": (VALID + "description: 'a \u200f b'\n", "control-character"),
    **{
        f"a comment that U+{ord(end):04X} ends": (set_to("- relu", f"- relu  # said{end}  - tanh"), "control-character")
        for end in "\x85\u2028\u2029"
    },
}


def is_kept_within_limits(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.err + outcome.out
    assert "forbidden" not in outcome.err
    assert outcome.seconds < SECONDS
    assert outcome.peak < MEMORY


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_in_a_finding(name: str, tmp_path: Path) -> None:
    content, code = HOSTILE[name]
    path = tmp_path / "net.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    outcome = validate("net.yaml", cwd=tmp_path)
    is_kept_within_limits(outcome)
    assert outcome.status == 1, outcome.err
    assert re.search(rf"^net\.yaml:\d+:\d+: error\[{code}\]", outcome.out, re.MULTILINE), outcome.out[:2000]
    assert len(outcome.out) < 500_000
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.yaml"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("begin", ["", "\ufeff"], ids=["plain", "bom"])
def test_what_other_editors_write_is_fine(begin: str, line_end: str, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_bytes((begin + VALID.replace("\n", line_end)).encode())
    assert validate("net.yaml", cwd=tmp_path).status == 0
