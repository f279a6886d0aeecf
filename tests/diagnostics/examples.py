"""The examples of the code pages, as files that can be checked."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from xonet.diagnostics import Diagnostic
from xonet.diagnostics.codes import Example
from xonet.network import check

BASE = """\
xonet: 1
name: example
input: {height: 9, width: 9}
layers:
  - conv2d: {features: 4, kernel_size: 3}
  - relu
  - max_pool2d: {window: 2}
  - dense: {units: 2}
output: {classes: [X, O]}
data:
  train: {xo: {count: 1000}}
training:
  loss: cross_entropy
  optimizer: {adam: {learning_rate: 0.001}}
  epochs: 5
"""
"""The sections that an example leaves out."""


def whole(example: Example) -> str:
    """The example with the sections that it leaves out before it."""
    if "xonet: 1" in example.text:
        return example.text
    written = set(re.findall(r"^(\w+):", example.text, re.MULTILINE))
    sections = re.findall(r"^\w+:.*\n(?:[ ].*\n)*", BASE, re.MULTILINE)
    return "".join(section for section in sections if section.partition(":")[0] not in written) + example.text


def found(example: Example, folder: Path) -> list[Diagnostic]:
    """What is found in the example, as a file in `folder`."""
    path = folder / "example.yaml"
    if example.options == "bytes":
        path.write_bytes(whole(example).encode("latin-1").decode("unicode_escape").encode("latin-1"))
    else:
        path.write_text(whole(example), encoding="utf-8")
    settings = shlex.split(example.options.removeprefix("--set")) if example.options.startswith("--set") else []
    return check(path, settings)[1]
