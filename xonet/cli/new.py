"""`xonet new`: a commented network file to start from."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from xonet.files import write_whole

HELP = "write a commented network file to start from"

TEMPLATE = """\
# A small network that tells an X from an O. Check it, then train it:
#   xonet validate {name}.yaml
#   xonet run {name}.yaml
xonet: 1                                  # version of the language
name: {name}                              # results go to runs/{name}/
description: Tells whether a picture shows an X or an O.

knobs:                                    # numbers to experiment with: xonet run {name}.yaml --set knobs.features=16
  features: &features 8
  learning_rate: &learning_rate 3e-2

input: {{height: 9, width: 9, range: [-1, 1], invert: true}}    # ink becomes 1, paper -1

layers:                                   # `xonet layers` lists all layers
  - conv2d: {{features: *features, kernel_size: 3}}
  - relu                                  # a layer without required knobs is just its name
  - max_pool2d: {{window: 2, ceil: true}}
  - dense: {{units: 2}}                     # one score per class

output: {{classes: [X, O]}}

data:                                     # pictures of your own: images: {{folder: my_pictures}}
  train:      {{xo: {{count: 8000, seed: 1, shift: 1, rotate: 15, scale: [0.8, 1.1], stroke: [1, 2]}}}}
  validation: {{share: 0.1}}                # taken out of train
  test:       {{xo: {{count: 2000, seed: 2, shift: 1, rotate: 15, scale: [0.8, 1.1], stroke: [1, 2]}}}}

training:
  loss: cross_entropy
  optimizer: {{sgd: {{learning_rate: *learning_rate, momentum: 0.9}}}}
  schedule: cosine
  epochs: 10
  batch_size: 64
  seed: 0

expect:                                   # `xonet run` fails if these are not met
  parameters: {{max: 1000}}
  accuracy: {{min: 0.95}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The network's name."""
    parser.add_argument("name", metavar="NAME", help="the network's name; writes NAME.yaml")


def run(arguments: argparse.Namespace) -> int:
    """Write NAME.yaml, unless there is one."""
    path = Path(arguments.name)
    named = path.suffix in (".yaml", ".yml")
    name = path.stem if named else path.name
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name):
        print(f"xonet: a network's name must consist of letters, digits, _, - and ., not {name!r}", file=sys.stderr)
        return 2
    path = path if named else path.with_name(f"{name}.yaml")
    try:
        write_whole(path, TEMPLATE.format(name=name), new=True)
    except FileExistsError:
        print(f"xonet: {path} already exists, and is left unchanged", file=sys.stderr)
        return 2
    print(f"wrote {path}; check it with: xonet validate {path}")
    return 0
