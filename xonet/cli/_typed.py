"""What people type who know other tools, and what it is called here."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
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
    "resume": "run FILE --resume",
    "version": "--version",
    "help": "--help",
}
"""Verbs of other tools."""

SETTINGS = {
    **dict.fromkeys(("epochs", "epoch", "num-epochs", "max-epochs", "n-epochs"), "training.epochs"),
    **dict.fromkeys(("batch-size", "batch", "bs", "b"), "training.batch_size"),
    **dict.fromkeys(("loss", "criterion"), "training.loss"),
    **dict.fromkeys(("optimizer", "optim", "opt"), "training.optimizer"),
    **dict.fromkeys(("schedule", "scheduler", "lr-scheduler"), "training.schedule"),
    **dict.fromkeys(("random-seed", "random-state", "manual-seed", "seed"), "training.seed"),
    **dict.fromkeys(("lr", "learning-rate"), "training.optimizer.NAME.learning_rate"),
    "momentum": "training.optimizer.sgd.momentum",
    **dict.fromkeys(("weight-decay", "wd"), "training.optimizer.NAME.weight_decay"),
    "patience": "training.early_stopping.patience",
    "name": "name",
}
"""Options of other tools that are values of the file here."""

OPTIONS = {
    **dict.fromkeys(("output", "output-dir", "out-dir", "save-dir", "outdir", "o", "logdir"), "--out"),
    **dict.fromkeys(("workers", "num-workers", "num-threads", "jobs", "j", "n-jobs"), "--threads"),
    **dict.fromkeys(("data", "data-dir", "root", "dataset", "data-path"), "--data-root"),
    **dict.fromkeys(("continue", "restart", "load", "checkpoint", "from-checkpoint"), "--resume"),
    **dict.fromkeys(("format", "f", "fmt"), "--output-format"),
    **dict.fromkeys(("backend",), "--engine"),
    **dict.fromkeys(("werror", "strict"), "--warnings-as-errors"),
    **dict.fromkeys(("q", "silent"), "--quiet"),
    **dict.fromkeys(("no-color", "colour", "no-colour"), "--color"),
    "override": "--set",
}
"""Options that have another name here."""

NONE = {
    **dict.fromkeys(("gpu", "gpus", "device", "cuda", "accelerator"), "leave it out: xonet runs on the CPU"),
    **dict.fromkeys(("v", "verbose"), "leave it out: all there is to say is said"),
}
"""Why there is no such option."""


def verb_meant(word: str, verbs: Iterable[str]) -> str:
    """What to write for a verb that there is not; empty where nothing is near."""
    from xonet.language.words import closest

    plain = word.lower().replace("_", "-")
    if plain in VERBS:
        return VERBS[plain]
    if word.endswith((".yaml", ".yml", ".safetensors")):
        return f"run {word}"
    near = closest(plain, [*verbs, *VERBS])
    return VERBS.get(near, near)


def option_meant(option: str, value: str, known: Iterable[str]) -> str:
    """What to write for an option that there is not, as a sentence; empty where nothing is near."""
    from xonet.language.words import closest

    name = option.lstrip("-").lower().replace("_", "-")
    known = list(known)
    if f"--{name}" in known:
        return f"write --{name}"
    if name in SETTINGS and "--set" in known:
        return f"write --set {SETTINGS[name]}={value or 'VALUE'}"
    if name in NONE:
        return NONE[name]
    if OPTIONS.get(name) in known:
        return f"write {OPTIONS[name]}"
    near = closest(f"--{name}", known)
    return f"did you mean {near}?" if near else ""


class Parser(argparse.ArgumentParser):
    """Says what was probably meant, where an argument is none."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As the base, with a suggestion for the first argument that is not known."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            verb = getattr(found, "parser", self)
            options = [word for word in unknown if word.startswith("-")]
            option, _, value = (options or unknown)[0].partition("=")
            place = unknown.index((options or unknown)[0]) + 1
            if not value and place < len(unknown) and not unknown[place].startswith("-"):
                value = unknown[place]
            hint = option_meant(option, value, verb._option_string_actions) if options else ""
            verb.error(f"unrecognized arguments: {' '.join(unknown)}" + (f": {hint}" if hint else ""))
        return found
