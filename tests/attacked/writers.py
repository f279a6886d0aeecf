"""Everything in the program that writes, each with what it wrote before, and how its files are known to be whole."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from xonet import Model
from xonet.arrays import read_arrays
from xonet.cli import main
from xonet.data import DataError
from xonet.kernels import kept
from xonet.network import loads

SMALL = """\
xonet: 1
input: {height: 9, width: 9}
layers: [{dense: {units: 2}}]
output: {classes: [X, O]}
data: {train: {xo: {count: 40, noise: 0.1}}, test: {xo: {count: 10, noise: 0.1}}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 2}
"""
WRONG = SMALL.replace("dense", "Dense")
FORMATS = ("text", "json", "sarif", "junit", "github")
OLD = b"old\n"


class Writer:
    """One way to write."""

    name = ""
    target = ""
    """The file that is written, where there is one."""
    old: tuple[bytes, ...] = (OLD,)
    """What may be there before."""

    def __init__(self, scratch: Path) -> None:
        """`scratch`: a folder to find out in what is written when nobody attacks."""
        self.scratch = scratch
        self.new: set[bytes] = set()
        self.learn()

    @property
    def paths(self) -> list[str]:
        """The target, and the folders on the way to it."""
        return [self.target, *[str(folder) for folder in Path(self.target).parents if str(folder) != "."]]

    def learn(self) -> None:
        """Find out what is written when nobody attacks."""
        for _ in range(len(FORMATS) if self.name == "validate --output-file" else 1):
            self.scratch.mkdir()
            self.prepare(self.scratch, random.Random(0))
            with inside(self.scratch):
                self.run(self.scratch, lambda: None)
            self.new.add((self.scratch / self.target).read_bytes())
            shutil.rmtree(self.scratch)

    def prepare(self, here: Path, rng: random.Random) -> None:
        """What is there before."""
        (here / self.target).parent.mkdir(parents=True, exist_ok=True)
        if rng.random() < 0.7 and self.old:
            (here / self.target).write_bytes(rng.choice(self.old))

    def again(self, here: Path) -> None:
        """Before it runs once more."""
        (here / "ballast").unlink(missing_ok=True)

    def run(self, here: Path, arm: Callable[[], None]) -> int:
        """Write; `arm()` is called when the attack may begin. Gives the status."""
        raise NotImplementedError

    def broken(self, path: Path, content: bytes) -> str:
        """What is wrong with a file that is there afterwards; an empty string where it is whole."""
        if not path.name.endswith(Path(self.target).name) or content in self.new or content in self.old:
            return ""
        return f"neither the old file nor the new one: {content[:60]!r}"

    def place(self, here: Path, said: str) -> Path:
        """The folder that it wrote to."""
        return (here / self.target).parent

    def missing(self, here: Path, said: str) -> str:
        """What is not there although it was written; an empty string where all is."""
        path = here / self.target
        if path.is_file() and path.read_bytes() not in self.new:
            return f"{self.target} is not written, and nobody was told"
        return "" if path.exists() else f"{self.target} is not there"


@contextlib.contextmanager
def inside(folder: Path):
    """In this working folder, and unheard."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        os.chdir(before)


class Report(Writer):
    name = "validate --output-file"
    target = "reports/made/out"

    def prepare(self, here, rng):
        super().prepare(here, rng)
        (here / "net.yaml").write_text(WRONG)
        self.format = FORMATS[len(self.new) % len(FORMATS)] if len(self.new) < len(FORMATS) else rng.choice(FORMATS)

    def run(self, here, arm):
        arm()
        return main(
            ["validate", "net.yaml", "--output-file", self.target, "--output-format", self.format, "--exit-zero"]
        )


class SchemaFile(Writer):
    name = "schema --write"
    target = "made/here/schema.json"

    def run(self, here, arm):
        arm()
        return main(["schema", "--write", self.target])


class New(Writer):
    name = "new"
    target = "nets/xo.yaml"

    def prepare(self, here, rng):
        super().prepare(here, rng)
        if rng.random() < 0.8:
            (here / self.target).unlink(missing_ok=True)

    def again(self, here):
        super().again(here)
        (here / self.target).unlink(missing_ok=True)

    def run(self, here, arm):
        arm()
        return main(["new", "nets/xo"])


class Fix(Writer):
    name = "validate --fix"
    target = "nets/small.yaml"
    old = (WRONG.encode(),)

    def prepare(self, here, rng):
        (here / self.target).parent.mkdir()
        (here / self.target).write_text(WRONG)

    def run(self, here, arm):
        arm()
        return main(["validate", "--fix", self.target])


class Kernels(Writer):
    name = "kernel cache"
    target = "cache/{digest}/kernel.o"

    def __init__(self, scratch):
        self.target = f"cache/{kept.digest()}/kernel.o"
        super().__init__(scratch)

    @property
    def paths(self):
        """The folder itself is the environment's, and may be a link to anywhere."""
        return [self.target, str(Path(self.target).parent)]

    def run(self, here, arm):
        os.environ["XONET_CACHE_DIR"] = str(here / "cache")
        arm()
        for number in range(3):
            kept.keep(f"kernel{number}", bytes(1000))
        kept.keep("kernel", bytes(5000))
        return 0

    def missing(self, here, said):
        return ""  # what cannot be kept is compiled again; what is not whole is not read


class Clear(Kernels):
    name = "cache --clear"

    def learn(self):
        self.new = {b"new"}

    def prepare(self, here, rng):
        for name in ("0" * 24, "1" * 24, kept.digest()):
            (here / "cache" / name).mkdir(parents=True)
            (here / "cache" / name / "kernel.o").write_bytes(OLD)

    @property
    def paths(self):
        return [*super().paths, f"cache/{'0' * 24}", f"cache/{'1' * 24}"]

    def run(self, here, arm):
        os.environ["XONET_CACHE_DIR"] = str(here / "cache")
        arm()
        kept.remove_unused(here / "cache")
        return main(["cache", "--clear"])


class Save(Writer):
    name = "Model.save"
    target = "models/model.safetensors"

    @property
    def paths(self):
        """A folder that a program names may be a link to anywhere: the program is no stranger's."""
        return [self.target]

    def run(self, here, arm):
        model = Model(loads(SMALL), engine="reference")
        arm()
        try:
            model.save(self.target)
        except OSError as error:
            print(error)
            return 2
        return 0


class RunFiles(Writer):
    """A run of a file that has, or has not, been run before."""

    name = "run"
    target = "runs/small/model.safetensors"
    folder = "runs/small"
    more: tuple[str, ...] = ()
    FILES = ("model.safetensors", "checkpoint.safetensors", "history.jsonl", "result.json")

    def learn(self):
        self.finished, self.cut = Path(f"{self.scratch}-finished"), Path(f"{self.scratch}-cut")
        for folder, more in ((self.finished, []), (self.cut, ["--set", "training.epochs=1"])):
            folder.mkdir()
            (folder / "small.yaml").write_text(SMALL)
            with inside(folder):
                assert main(["run", "small.yaml", "--engine", "reference", "--out", self.folder, *more]) == 0

    @property
    def paths(self):
        inner = [f"{self.folder}/unfinished", *[f"{self.folder}/unfinished/{name}" for name in self.FILES]]
        above = [str(folder) for folder in Path(self.folder).parents if str(folder) != "."]
        return [*[f"{self.folder}/{name}" for name in self.FILES], self.folder, self.folder, *above, *inner]

    def prepare(self, here, rng):
        (here / "small.yaml").write_text(SMALL)
        (here / "spare").mkdir()
        before = rng.choice([self.finished, self.cut, None])
        if before:
            shutil.copytree(before / self.folder, here / self.folder)

    def run(self, here, arm):
        tempfile.tempdir = str(here / "spare")
        arm()
        return main(["run", "small.yaml", "--engine", "reference", *self.more])

    def broken(self, path, content):
        try:
            if path.suffix == ".safetensors":
                read_arrays(path, path.stem.split("-")[-1])
            elif path.name.endswith("result.json"):
                assert json.loads(content)["epochs"] in (1, 2)
            elif path.name.endswith("history.jsonl"):
                rows = [json.loads(line) for line in content.splitlines()]
                assert content.endswith(b"\n") and [row["epoch"] for row in rows] in ([1], [1, 2])
        except (DataError, ValueError, KeyError, AssertionError) as error:
            return f"not whole: {error!r}"
        return ""

    def place(self, here, said):
        where = re.search("^weights: (.*)$", said, re.MULTILINE)
        return (here / where[1]).parent if where else here / "nowhere"

    def missing(self, here, said):
        path = self.place(here, said) / "model.safetensors"
        return "" if path.is_file() and not path.is_symlink() else f"{path} is not written"


class RunOut(RunFiles):
    name = "run --out --overwrite"
    target = "results/one/model.safetensors"
    folder = "results/one"
    more = ("--out", "results/one", "--overwrite", "--seed", "7")


class RunOver(RunFiles):
    name = "run --overwrite"
    more = ("--overwrite",)


class RunResume(RunFiles):
    name = "run --resume"
    more = ("--resume",)

    def again(self, here):
        super().again(here)
        if not (here / self.target).exists() and not (here / self.folder / "checkpoint.safetensors").exists():
            shutil.rmtree(here / self.folder, ignore_errors=True)
            shutil.copytree(self.cut / self.folder, here / self.folder)


WRITERS = (Report, SchemaFile, New, Fix, Kernels, Clear, Save, RunFiles, RunOut, RunOver, RunResume)
