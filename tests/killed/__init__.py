"""Runs in one folder that are killed at random moments, with changed settings in between: nothing finished is lost."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

from tests.cli.conftest import SMALL
from tests.command import command, environment, xonet

NETWORK = SMALL.replace("count: 600", "count: 12000")

SETTINGS = (
    [],
    ["--resume"],
    ["--set", "training.epochs=1"],
    ["--set", "training.epochs=9"],
    ["--set", "training.epochs=9", "--resume"],
    ["--set", "training.optimizer.adam.learning_rate=1e20"],
    ["--set", "training.checkpoint_every=2", "--set", "training.epochs=40"],
    ["--set", "training.early_stopping={patience: 1, monitor: loss}", "--resume"],
    ["--set", "layers.0.conv2d.features=6"],
    ["--set", "layers.0.conv2d.features=6", "--set", "training.epochs=8", "--resume"],
    ["--seed", "3"],
    ["--seed", "4", "--overwrite", "--out", "runs/other"],
)


class Broken(AssertionError):
    """Something that was finished is lost."""


def evaluated(folder, *arguments):
    """What `evaluate` says, as data."""
    found = xonet("evaluate", *arguments, "--json", cwd=folder)
    if found.returncode != 0:
        raise Broken(f"evaluate {arguments}: {found.stderr}")
    return json.loads(found.stdout)


def models(folder):
    """The bytes of every finished model that must stay: all but in the folder that is to be overwritten."""
    return {
        path: path.read_bytes()
        for path in Path(folder, "runs").glob("small*/model.safetensors")
        if b'"finished":"yes"' in path.read_bytes()
    }


def kill_some(folder, kills, seed, say=lambda text: None):
    """Kill `kills` runs in `folder`; gives what was seen.

    Raises:
        Broken: where something finished is lost or other than it was.
    """
    draw = random.Random(seed)
    Path(folder, "small.yaml").write_text(NETWORK)
    began = time.monotonic()
    first = xonet("run", "small.yaml", cwd=folder)
    length = time.monotonic() - began
    assert first.returncode == 0, first.stderr
    score = evaluated(folder, "small.yaml")
    kept = models(folder)
    seen = {"killed": 0, "over before": 0, "folders": 0, "finished": 0, "resumed": 0}
    while seen["killed"] < kills:
        chosen = draw.choice(SETTINGS)
        process = subprocess.Popen(
            command("run", "small.yaml", *chosen), cwd=folder, env=environment(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            process.wait(draw.uniform(0.25, 1.1) * length)
            seen["over before"] += 1
        except subprocess.TimeoutExpired:
            process.kill()
            seen["killed"] += 1
        said, _ = process.communicate()
        if "Traceback" in said or process.returncode not in (0, 1, 2, -9):
            raise Broken(f"{chosen}: {process.returncode}\n{said}")
        seen["resumed"] += "resuming" in said
        now = models(folder)
        if lost := [path for path in kept if now.get(path) != kept[path]]:
            raise Broken(f"{chosen}: {lost} is other than it was, or gone\n{said}")
        kept = now
        if evaluated(folder, "small.yaml") != score:
            raise Broken(f"{chosen}: evaluate gives another score\n{said}")
        say(f"{seen['killed']:3} {' '.join(chosen):60} {said.splitlines()[-1][:100] if said else ''}")
    for path in kept:
        evaluated(folder, str(path))
    seen["folders"], seen["finished"] = len(list(Path(folder, "runs").glob("*"))), len(kept)
    last = xonet("run", "small.yaml", cwd=folder)
    if last.returncode or evaluated(folder, "small.yaml") != score:
        raise Broken(f"the same run once more comes to something else\n{last.stderr}")
    return seen
