"""What people who know other tools type, and what it is called here."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile
from typing import Any

VERBS = {
    **dict.fromkeys(("train", "fit", "start", "execute"), "run"),
    **dict.fromkeys(("test", "eval", "score", "benchmark-accuracy"), "evaluate"),
    **dict.fromkeys(("infer", "inference", "classify", "detect", "forward"), "predict"),
    **dict.fromkeys(("check", "lint", "verify", "format", "fix"), "validate"),
    **dict.fromkeys(("info", "show", "describe", "inspect", "print", "stats"), "summary"),
    **dict.fromkeys(("init", "create", "template", "generate", "scaffold"), "new"),
    **dict.fromkeys(("benchmark", "profile", "time", "speed"), "bench"),
    **dict.fromkeys(("list", "ls", "docs", "search-layers"), "catalogue"),
    **dict.fromkeys(("compare", "changes"), "diff"),
    **dict.fromkeys(("compile", "build", "cache"), "warm"),
    **dict.fromkeys(("explain", "code", "codes"), "explain-code"),
    "resume": "run --resume",
    "version": "--version",
    "help": "--help",
}
"""Verbs of other tools."""

FILES = (".yaml", ".yml", ".safetensors")

NEAR = 0.7
"""How like another a word must be to be taken for it (`difflib`): people mistype a letter or two of a word."""

OPTIONS = {
    **dict.fromkeys(("output", "output-dir", "out-dir", "save-dir", "outdir", "o", "logdir"), "--out"),
    **dict.fromkeys(("workers", "num-workers", "num-threads", "jobs", "j", "n-jobs"), "--threads"),
    **dict.fromkeys(("data", "data-dir", "root", "dataset", "data-path"), "--data-root"),
    **dict.fromkeys(("continue", "restart", "load", "checkpoint", "from-checkpoint"), "--resume"),
    **dict.fromkeys(("format", "f", "fmt"), "--output-format"),
    **dict.fromkeys(("backend",), "--engine"),
    **dict.fromkeys(("werror", "strict"), "--warnings-as-errors"),
    **dict.fromkeys(("q", "silent"), "--quiet"),
    **dict.fromkeys(("no-color", "colour", "no-colour"), "--color never"),
    **dict.fromkeys(("force", "yes", "y", "exist-ok"), "--overwrite"),
    "override": "--set",
    "json": "--output-format json",
}
"""Options that have another name here."""

NONE = {
    **dict.fromkeys(
        ("gpu", "gpus", "device", "cuda", "accelerator", "cpu", "no-cuda", "no-gpu"),
        "omit it: xonet runs on the CPU",
    ),
    **dict.fromkeys(("v", "verbose", "debug", "log-level"), "omit it: everything is printed anyway"),
    **dict.fromkeys(("amp", "fp16", "bf16", "half", "precision"), "omit it: xonet computes in float32"),
    **dict.fromkeys(("deterministic", "determinism"), "omit it: the same settings always give the same bits"),
    **dict.fromkeys(("tensorboard", "wandb", "mlflow"), "omit it: history.jsonl, in the run's folder, has every epoch"),
    **dict.fromkeys(("dry-run", "check", "n"), "write xonet validate FILE, which checks the file and its data"),
}
"""What to do instead of such an option."""

OF_A_FILE = {
    **dict.fromkeys(("config", "cfg", "c", "file", "model", "model-path"), "write just the file, without an option"),
    **dict.fromkeys(("weights", "pretrained", "ckpt"), "name the model file instead of the network file"),
}
"""The same, of a verb that takes a network file."""


def verb_meant(typed: Sequence[str], verbs: Iterable[str]) -> str:
    """What to write for a command line whose verb there is not; empty where nothing is near."""
    word, *more = typed
    plain = word.lower().replace("_", "-")
    if word.endswith(FILES):
        return shlex.join(["xonet", "run", *typed])
    near = plain if plain in VERBS else _nearest(plain, [*verbs, *VERBS])
    verb, *options = VERBS.get(near, near).split(" ")
    alone = verb.startswith("--") or verb in ("catalogue", "explain-code", "warm")
    named = takewhile(lambda part: not part.startswith("-"), more)
    rest = [part for part in named if not (alone and part.endswith(FILES))]
    words = [*rest, verb] if verb.startswith("--") else [verb, *rest]
    return shlex.join(["xonet", *words, *options]) if verb else ""


def option_meant(option: str, typed: Sequence[str], known: Mapping[str, argparse.Action]) -> str:
    """What to write for an option that there is not, as a sentence; empty where nothing is near.

    `typed` is the whole command line, `known` are the options of its verb.
    """
    from xonet.cli._settings import setting

    name, _, value = option.lstrip("-").partition("=")
    following = typed[typed.index(option) + 1 :] if option in typed else []
    value = value or next(iter(following), "")
    value = "" if value.startswith("-") or value.endswith(FILES) else value
    plain = name.lower().replace("_", "-")
    file = next((word for word in typed if word.endswith(FILES)), "")
    if f"--{plain}" in known:
        return f"write --{plain}"
    ours, *_ = OPTIONS.get(plain, "").split(" ")
    if ours in known:
        takes_it = value and OPTIONS[plain] == ours and known[ours].nargs != 0
        return f"write {OPTIONS[plain]}" + (f" {shlex.quote(value)}" if takes_it else "")
    nothing = NONE | (OF_A_FILE if "--data-root" in known else {})
    if plain in nothing:
        return nothing[plain]
    if "--set" in known and (said := setting(plain, value, file)):
        return said
    near = _nearest(plain, [word.lstrip("-") for word in known])
    return f"did you mean --{near}?" if near else ""


def _nearest(word: str, words: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, list(words), 1, NEAR)), "")


class Parser(argparse.ArgumentParser):
    """Says what was probably meant, where an argument is none."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As the base, with a suggestion for each option that is not known."""
        typed = list(sys.argv[1:] if args is None else args)
        found, unknown = self.parse_known_args(typed, namespace)
        if unknown:
            verb = getattr(found, "parser", self)
            options = [word for word in unknown if word.startswith("-")]
            hints = dict.fromkeys(option_meant(option, typed, verb._option_string_actions) for option in options)
            said = "; ".join(filter(None, hints)) or f"`{verb.prog} --help` lists the options"
            verb.error(f"unrecognized arguments: {' '.join(unknown)}: {said}")
        return found
