"""Files as large as one likes, one kind for each part of the checker: `LARGE[kind](size)` is a text of `size` bytes.

The work of the checker grows no faster than the file (`test_growth.py`), and a file of 1 MiB is answered within the
limits (`test_large.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from xonet.language.limits import VALUES

HEAD = "xonet: 1\ninput: {height: 9, width: 9}\n"
TAIL = "output: {classes: [X, O]}\ndata: {pictures: {xo: {count: 4}}}\n"
DENSE = "  - dense: {units: 2}\n"
VALID = f"{HEAD}layers:\n  - conv2d: {{features: 4, kernel_size: 3}}\n  - relu\n{DENSE}{TAIL}"
KNOBS = f"{VALID}knobs:\n"
IN_A_LINE = f"{VALID}knobs: {{a: ["

Part = Callable[[int], str]


def filled(size: int, part: str | Part, before: str = VALID, after: str = "", values: int = 0) -> str:
    """`before`, as many parts as there is room for (in a text, `{n}` is the part's number), and `after`.

    `values` says how many values a part holds, where the file could hold too many: a comment fills the rest then.
    """
    make = part if callable(part) else lambda n: part.replace("{n}", str(n))
    parts, room = [before], size - len(before) - len(after)
    for number in count():
        text = make(number)
        if len(text) > room:
            return "".join([*parts, after])
        if values and (number + 1) * values > VALUES - 500:
            return "".join([*parts, after, "\n", "#" * (room - 2), "\n"])
        parts.append(text)
        room -= len(text)
    raise AssertionError


def layers(size: int, layer: str, values: int) -> str:
    """One layer after another."""
    return filled(size, layer, f"{HEAD}layers:\n", DENSE + TAIL, values)


def found_late(size: int, filler: str, findings: str, count: int = 490) -> str:
    """A long line with findings at its end."""
    end = "'}, " + ", ".join([findings] * count) + ", {dense: {units: 2}}]\n" + TAIL
    return filled(size, filler, HEAD + "description: x\nlayers: [{'", end)


LARGE: dict[str, Callable[[int], str]] = {
    # aliases and anchors
    "unknown aliases beside alike anchors": lambda size: filled(
        size, "k{n}: &anchor{n} 1\nu{n}: *anchor_{n}\n", values=4
    ),
    "unknown aliases behind alike anchors": lambda size: filled(
        size,
        lambda n: f"u{n}: *{'abcdefghij' * 30}x{n}\n",
        VALID + "".join(f"k{n}: &{'abcdefghij' * 30}{n} 1\n" for n in range(min(290, size // 2000))),
    ),
    "unknown aliases of short names": lambda size: filled(
        size, "u{n}: *learning-rate-{n}\n", VALID + "".join(f"k{n}: &learning_rate_{n} 1\n" for n in range(290))
    ),
    "very long unknown aliases": lambda size: filled(
        size, lambda n: f"k{n}: *{'ab' * 900}{n}\n", VALID + f"a: &{'ba' * 900} 1\n"
    ),
    "anchored knobs, all used": lambda size: filled(size, "  k{n}: &k{n} {n}\n  u{n}: *k{n}\n", KNOBS, values=4),
    "anchored knobs, none used": lambda size: filled(size, "  k{n}: &k{n} {n}\n", KNOBS, values=2),
    "anchored knobs used in a list": lambda size: filled(
        size, lambda n: f"  k{n}: &k{n} {n}\n" if n % 2 == 0 else f"  l{n}: [*k{n - 1}, *k0]\n", KNOBS, values=4
    ),
    "one anchor, many uses": lambda size: filled(size, "  k{n}: *a\n", KNOBS + "  a: &a 1\n", values=2),
    "anchors around one another": lambda size: filled(
        size, lambda n: f"  k{n}: &k{n} [*k{n - 1}]\n" if n % 20 else f"  k{n}: &k{n} [1]\n", KNOBS, values=8
    ),
    "merged mappings": lambda size: filled(
        size, "  k{n}: {<<: *base, x{n}: 1}\n", KNOBS + "  base: &base {a: 1, b: 2}\n", values=8
    ),
    # ignores and comments
    "ignores on lines of their own": lambda size: filled(size, "# xonet: ignore[unused-knob]\n"),
    "ignores in a line": lambda size: filled(size, " # xonet: ignore[unused-knob]", VALID.rstrip("\n")),
    "ignores in a line of comment": lambda size: filled(size, "# xonet: ignore[unused-knob] "),
    "ignores behind many values": lambda size: filled(
        size, "  - {n} # xonet: ignore[unused-knob]\n", VALID + "knobs: {a: 1}\nname:\n", values=1
    ),
    "ignores behind knobs": lambda size: filled(size, "  k{n}: 1 # xonet: ignore[unused-knob]\n", KNOBS, values=2),
    "ignores behind all values in a line": lambda size: filled(
        size, lambda n: f"{n}, " if n < 30_000 else " # xonet: ignore[unused-knob]", KNOBS + "  a: [", "\n 1]\n"
    ),
    "ignores without a code": lambda size: filled(size, "# xonet: ignore\n"),
    "ignores of unknown codes": lambda size: filled(size, "# xonet: ignore[unused-knab-{n}]\n"),
    "unknown codes in one ignore": lambda size: filled(size, "x{n},", VALID + "# xonet: ignore[", "unused-knob]\n"),
    "codes in one ignore": lambda size: filled(size, "unused-knob,", VALID + "# xonet: ignore[", "unused-knob]\n"),
    "spaces between codes": lambda size: filled(size, " ", VALID + "# xonet: ignore[a", "b]\n"),
    "an ignore of a very long code": lambda size: filled(size, "a", VALID + "# xonet: ignore[", "]\n"),
    "ignores in texts": lambda size: filled(size, "  k{n}: '# xonet: ignore[unused-knob]'\n", KNOBS, values=2),
    "ignores in one text": lambda size: filled(size, " # xonet: ignore[unused-knob]", VALID + "description: '", "'\n"),
    "ignores in a text of many lines": lambda size: filled(
        size, "   # xonet: ignore[unused-knob]\n", VALID + "description: |\n"
    ),
    "ignores that open": lambda size: filled(size, " # xonet: ignore[", VALID, "\n"),
    "the beginning of ignores": lambda size: filled(size, " # xonet:  ", VALID, "\n"),
    "comments": lambda size: filled(size, "# comment {n}\n"),
    "comments behind values": lambda size: filled(size, "  - {n} # said\n", KNOBS + " a:\n", values=1),
    "a comment of hash signs": lambda size: filled(size, "# ", VALID, "\n"),
    "comments behind an anchor": lambda size: filled(size, " \n # &a !b", VALID + "name: &x", "\n y\n"),
    # values
    "knobs": lambda size: filled(size, "  k{n}: {n}\n", KNOBS, values=2),
    "too many values": lambda size: filled(size, "1,", IN_A_LINE, "1]}\n"),
    "nested values": lambda size: filled(
        size, lambda n: f"  k{n}: " + "[" * 40 + "1" + "]" * 40 + "\n", KNOBS, values=42
    ),
    "values in a line": lambda size: filled(size, "{n}, ", IN_A_LINE, "1]}\n", values=1),
    "numbers of many digits": lambda size: filled(size, lambda n: f"{'7' * 4000}, ", IN_A_LINE, "1]}\n"),
    "weights written out": lambda size: filled(
        size,
        "0.125, ",
        f"{HEAD}layers:\n  - conv2d: {{features: 4, kernel_size: 3, weights: [",
        f"0]}}\n{DENSE}{TAIL}",
        values=1,
    ),
    "quotes with escapes": lambda size: filled(size, '"\\u00e9\\n", ', IN_A_LINE, "1]}\n", values=1),
    "a text of many lines": lambda size: filled(size, "    line {n}\n", VALID + "description: >\n"),
    "classes": lambda size: filled(
        size, "c{n}, ", f"{HEAD}layers: [dense: {{units: 2}}]\noutput: {{classes: [", "z]}\n", values=1
    ),
    "equal classes": lambda size: filled(
        size, "c, ", f"{HEAD}layers: [dense: {{units: 2}}]\noutput: {{classes: [", "z]}\n", values=1
    ),
    "keys given twice": lambda size: filled(size, "name: x\n"),
    "keys that are no words": lambda size: filled(size, "? [{n}]\n: 1\n"),
    "tags": lambda size: filled(size, "k{n}: !!str x\n"),
    "unknown keys": lambda size: filled(size, "key{n}: 1\n", values=2),
    "nearly known keys": lambda size: filled(size, "descripton{n}: 1\n", values=2),
    "long unknown keys": lambda size: filled(size, lambda n: f"{'training' * 110}{n}: 1\n"),
    "documents": lambda size: filled(size, "---\n"),
    # layers
    "layers": lambda size: layers(size, "  - relu\n", 1),
    "layers with knobs": lambda size: layers(size, "  - conv2d: {features: 4, kernel_size: 3, padding: same}\n", 9),
    "layers with names": lambda size: layers(size, "  - relu: {name: n{n}}\n", 5),
    "layers named alike": lambda size: layers(size, "  - relu: {name: n}\n", 5),
    "layers in a line": lambda size: filled(
        size, "relu, ", f"{HEAD}layers: [", f"dense: {{units: 2}}]\n{TAIL}", values=1
    ),
    "layers that nest": lambda size: layers(
        size, "  - residual: {layers: [residual: {layers: [residual: {layers: [relu]}]}]}\n", 16
    ),
    "repeats": lambda size: layers(size, "  - repeat: {times: 3, layers: [relu]}\n", 8),
    "branches": lambda size: layers(size, "  - branches: {paths: [[relu], [relu]]}\n", 9),
    "ways of one branch": lambda size: filled(
        size, "[relu], ", f"{HEAD}layers: [{{branches: {{paths: [", "[relu]]}}]\n", values=2
    ),
    "batch_norm behind a bias": lambda size: layers(
        size, "  - conv2d: {features: 1, kernel_size: 1}\n  - batch_norm\n", 8
    ),
    "dropouts": lambda size: layers(size, "  - dropout: {rate: 0.0}\n", 5),
    # findings
    "unknown layers": lambda size: layers(size, "  - reluu{n}\n", 1),
    "unknown knobs": lambda size: layers(size, "  - conv2d: {features: 4, kernel_size: 3, paddig: 1, strde: 2}\n", 11),
    "wrong types": lambda size: layers(size, "  - dense: {units: 2.0}\n", 5),
    "long words for numbers": lambda size: layers(size, "  - dense: {units: " + "x" * 900 + "}\n", 5),
    "findings in a line": lambda size: filled(
        size, "{dense: {units: 2.0}}, ", f"{HEAD}layers: [", f"relu]\n{TAIL}", values=5
    ),
    "findings at the end of a line": lambda size: found_late(size, "a", "{dense: {units: 2.0}}"),
    "findings behind wide characters": lambda size: found_late(size // 4, "𝔁", "{dense: {units: 2.0}}"),
    "unknown aliases at the end of a line": lambda size: found_late(size // 4, "𝔁", "*a"),
    "findings within a long key": lambda size: filled(
        size - 12_000, "k", HEAD + "layers: [? ", " : [" + ", ".join(["{dense: {units: 2.0}}"] * 450) + "]]\n" + TAIL
    ),
    "fixes at the end of a line": lambda size: found_late(size, "a", "{dense: {out_features: 2}}"),
    # lines and characters
    "lines": lambda size: filled(size, "\n"),
    "lines of spaces": lambda size: filled(size, "        \n"),
    "a line of spaces": lambda size: filled(size, " ", VALID, "\n"),
    "carriage returns": lambda size: filled(size, "\r"),
    "open brackets": lambda size: filled(size, "["),
    "quotes": lambda size: filled(size, "'"),
    "colons": lambda size: filled(size, "a: "),
    "question marks": lambda size: filled(size, "? "),
    "dashes": lambda size: filled(size, "- "),
    "anchors in a row": lambda size: filled(size, "&a "),
    "a key of many words": lambda size: filled(size, "a ", VALID, ": 1\n"),
}
