"""What a run is, by what changes its numbers, and what a folder of results holds."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xonet.arrays import read_about
from xonet.data import DataError
from xonet.language.scalars import flow
from xonet.language.words import counted
from xonet.network.changes.plain import knobs_of

if TYPE_CHECKING:
    from xonet.data._sets import Sets
    from xonet.network import Network

UNFINISHED = "unfinished"
"""The folder inside a run's folder where a run works that replaces what is there once it is finished."""

CHANGES_NO_NUMBER = {
    "": {"xonet", "name", "description", "knobs", "expect"},
    "data": {"pictures"},
    "training": {"checkpoint_every"},
}
"""What two files may differ in and declare the same run; `knobs` count where they are used."""

GOES_ON = (*map("training.{}".format, ("epochs", "early_stopping", "time_limit", "metrics")), "data.test", "data seen.")
"""What may change when a run goes on, and it is still that run."""

SETS = ("train", "validation", "test")

NETWORK = ("input", "layers", "output", "data.targets")
"""What must not change when a run goes on: its parameters mean this."""

OF_A_MODEL = (*NETWORK, "data.train", "data.validation", "data.augment", "weights", "training")
"""What a trained model depends on, of a file."""

LONGEST_NAME_BYTES = 200


@dataclass(frozen=True)
class Difference:
    """One thing in which two runs differ; None where it is not said."""

    place: str
    there: Any
    here: Any

    def __str__(self) -> str:
        if self.place.startswith("data seen."):
            return f"the {self.place.removeprefix('data seen.')} data differ"
        if self.place == "--resume":
            return f"it was resumed with different settings {self.there or self.here}"
        return f"{self.place} is {_short(self.there)} there, {_short(self.here)} here"


@dataclass(frozen=True)
class Run:
    """What makes a run the one it is: two that are equal come to the same bits."""

    name: str
    settings: dict[str, Any]
    """The checked network file with `--set` and `--seed`, as plain data, without comments, order and defaults."""
    engine: str
    data: dict[str, list[Any]] = field(default_factory=dict)
    """Of each set: how many pictures, and their fingerprint."""
    resumed: list[str] = field(default_factory=list)
    """Where it went on with other settings than it had begun with: `after epoch 3: training.batch_size`."""

    @classmethod
    def of(cls, network: Network, engine: str = "native") -> Run:
        """Of a network, before its data are known."""
        settings = _without(knobs_of(network.document), CHANGES_NO_NUMBER[""])
        for section in ("data", "training"):
            if section in settings:
                settings[section] = _without(settings[section], CHANGES_NO_NUMBER[section])
        return cls(network.name, settings, engine)

    @classmethod
    def read(cls, text: str) -> Run | None:
        """Of the metadata of a file; None where it says nothing that can be understood."""
        try:
            run = cls(**json.loads(text))
            data = {str(name): [int(count), str(print_)] for name, (count, print_) in run.data.items()}
            if isinstance(run.settings, dict) and isinstance(run.resumed, list):
                return replace(run, data=data, resumed=list(map(str, run.resumed)))
        except (ValueError, TypeError, AttributeError, RecursionError):
            pass
        return None

    @property
    def text(self) -> str:
        """What `read` reads."""
        return json.dumps(asdict(self), sort_keys=True)

    def differences(self, here: Run) -> list[Difference]:
        """In what `here` is another run than this one, which is there."""
        found = list(_differences("", self.settings, here.settings))
        if self.engine != here.engine:
            found.append(Difference("--engine", self.engine, here.engine))
        said = tuple(one.place for one in found)
        for name in SETS:
            # where a setting says other data, that says it all
            told = "data" in said or any(place.startswith(f"data.{name}") for place in said)
            if self.data.get(name) != here.data.get(name) and not told:
                found.append(Difference(f"data seen.{name}", self.data.get(name), here.data.get(name)))
        if self.resumed != here.resumed:
            found.append(Difference("--resume", "; ".join(self.resumed) or None, "; ".join(here.resumed) or None))
        return found


@dataclass(frozen=True)
class RunFolder:
    """The files of one run's results."""

    path: Path

    @property
    def model(self) -> Path:
        """The trained network: its weights, and its file in the metadata. It is written last."""
        return self.path / "model.safetensors"

    @property
    def checkpoint(self) -> Path:
        """What `--resume` goes on from."""
        return self.path / "checkpoint.safetensors"

    @property
    def history(self) -> Path:
        """One JSON object an epoch."""
        return self.path / "history.jsonl"

    @property
    def result(self) -> Path:
        """What the run came to, as JSON."""
        return self.path / "result.json"

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them, in the order in which they are written at the end."""
        return (self.history, self.checkpoint, self.result, self.model)

    @property
    def inner(self) -> RunFolder:
        """Where a run works that is to replace this one."""
        return RunFolder(self.path / UNFINISHED)

    def __str__(self) -> str:
        return f"{self.path}/"


@dataclass(frozen=True)
class Found:
    """What a folder holds of a run."""

    folder: RunFolder
    run: Run | None
    """None where its files do not say, or cannot be read."""
    epochs: float
    finished: bool
    written: int
    """When the newest of its two large files was, in nanoseconds."""

    def why_not(self, here: Run) -> str:
        """Why the run `here` cannot take its place, in a few words."""
        if self.run is None:
            return "holds files whose origin this version of xonet cannot tell"
        if different := self.run.differences(here):
            return f"holds another run ({listed(different)})"
        planned = self.run.settings.get("training", {}).get("epochs", self.epochs)
        return (
            f"holds an unfinished run with the same settings (epoch {self.epochs} of {planned}; --resume continues it)"
        )


def look(folder: RunFolder) -> Found | None:
    """What a folder holds; None where it has neither a model nor a checkpoint."""
    for path, kind in ((folder.model, "model"), (folder.checkpoint, "checkpoint")):
        found = look_at(folder, path, kind)
        if found:
            return found
    return None


def look_at(folder: RunFolder, path: Path, kind: str) -> Found | None:
    """What one of a folder's two large files says; None where there is none."""
    try:
        written = path.lstat().st_mtime_ns
    except OSError:
        return None
    try:
        about = read_about(path, kind)
    except DataError:
        return Found(folder, None, 0, False, written)
    epochs = about.get("epochs", "")
    count: float = float(epochs) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,20})?", epochs) else 0
    count = int(count) if count.is_integer() else count
    finished = kind == "model" and about.get("finished", "yes") == "yes"
    return Found(folder, Run.read(about.get("run", "")), count, finished, written)


def numbered(base: Path) -> list[Path]:
    """The folders that runs of one name have: NAME, NAME-2, NAME-3, in this order; those that are there."""
    pattern = re.compile(re.escape(base.name) + r"-([1-9][0-9]{0,8})")
    try:
        names = [path.name for path in base.parent.iterdir()]
    except OSError:
        return []
    numbers = sorted(int(match[1]) for match in map(pattern.fullmatch, names) if match and int(match[1]) > 1)
    first = [base] if base.name in names else []
    return [*first, *(base.with_name(f"{base.name}-{number}") for number in numbers)]


def base(name: str) -> Path:
    """The first folder of the runs of a network of this name."""
    return Path("runs") / folder_name(name)


def age(found: Found) -> tuple[int, int, str]:
    """By which runs are sorted from the oldest to the newest."""
    return found.written, len(found.folder.path.name), found.folder.path.name


def folder_name(name: str) -> str:
    """A network's name as that of a folder: one that is seen, below `runs/`, and not too long for a file system."""
    plain = unicodedata.normalize("NFC", name).replace("/", "_").replace("\0", "_")
    plain = "".join(letter if letter.isprintable() or "\udc80" <= letter <= "\udcff" else "_" for letter in plain)
    plain = plain.strip().lstrip(".") or "network"
    raw = plain.encode("utf-8", "surrogateescape")
    if len(raw) <= LONGEST_NAME_BYTES:
        return plain
    cut = raw[: LONGEST_NAME_BYTES - 9].decode("utf-8", "ignore")
    return f"{cut}-{blake2b(raw, digest_size=4).hexdigest()}"


def seen(sets: Sets) -> dict[str, list[Any]]:
    """Of each set that there is: how many pictures, and their fingerprint."""
    from xonet.data._fingerprint import fingerprint

    every = ((name, getattr(sets, name)) for name in SETS)
    return {name: [len(data), fingerprint(data)] for name, data in every if data is not None}


def data_changes(there: Run, here: Run) -> Iterator[tuple[str, str]]:
    """Of each set that both know and that is not the same: its name, and what changed, in words."""
    for name in SETS:
        old, new = there.data.get(name), here.data.get(name)
        if old and new and old != new:
            text = (
                f"{counted(new[0], 'picture')}, was {old[0]:,} when trained"
                if old[0] != new[0]
                else f"{counted(new[0], 'picture')} other than those it was trained with"
            )
            shares = "share" in here.settings.get("data", {}).get(name, {})
            yield name, text + (": pictures that were trained on may be among them" if shares else "")


def model_differences(there: Run, here: Run) -> list[Difference]:
    """In what two runs differ, but for what only measures a model."""
    return [each for each in there.differences(here) if each.place.startswith(OF_A_MODEL)]


def listed(differences: list[Difference], most: int = 3) -> str:
    """Differences in one line."""
    said = [each for each in differences if not each.place.startswith("data seen.")]
    differences = said or differences  # other settings are why data are others
    more = len(differences) - most
    return ", ".join(map(str, differences[:most])) + (f", and {more} more" if more > 0 else "")


def _without(plain: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name not in names}


def _differences(place: str, there: Any, here: Any) -> Iterator[Difference]:
    """Down to where two values differ, but not into members of two kinds, nor lists of two lengths."""
    if isinstance(there, dict) and isinstance(here, dict) and (not place or there.keys() & here.keys()):
        for name in [*there, *(name for name in here if name not in there)]:
            inside = f"{place}.{name}" if place else name
            yield from _differences(inside, there.get(name), here.get(name))
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for index, (old, new) in enumerate(zip(there, here, strict=True)):
            yield from _differences(f"{place}.{index}", old, new)
    elif there != here:
        yield Difference(place, there, here)


def _short(value: Any) -> str:
    if value is None:
        return "the default"
    text = flow(value) if not isinstance(value, str) else value
    return text if len(text) <= 40 else f"{text[:39]}…"
