"""A copy of the project in which one file at a time is a mutant, and the tests run there."""

from __future__ import annotations

import ast
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.mutants.draw import Mutant
from tests.seeding import digest_of, seed
from xonet.kernels import kept
from xonet.kernels.loading import TILES

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = (
    tuple(f"tests/engine/test_{name}.py" for name in ("native", "single", "scales", "wide", "workers", "fusions")),
    ("tests/engine", "tests/layers", "tests/losses", "tests/optimizers", "tests/data/augment", "tests/training"),
    ("tests/differential", "tests/parity", "tests/kernels/test_words.py", "tests/test_randomness.py"),
)
"""What a mutant has to live through, the fastest and nearest first; what an earlier one has run is left out."""
SLOW = "tests/parity/test_pytorch.py::test_lenet_has_the_same_weights_after_100_steps"
"""Left out: it says nothing that others do not say sooner."""
MEMORY = 1 << 34
"""Bytes of address space that a mutant may take."""
COMPILING = "xonet.kernels.compiling"
"""What all compiled code depends on, with what it imports."""


class Tree:
    """The copy, its kernels, and how long its tests take as they are."""

    def __init__(self, folder: Path) -> None:
        self.root, self.kernels = folder / "tree", folder / "kernels"
        names = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout.split("\0")  # fmt: skip
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, self.root / name)
        self._written = time.time()
        self.digest = kept.digest()
        self.kernels.mkdir()
        if (kept.user_folder() / self.digest).is_dir():
            shutil.copytree(kept.user_folder() / self.digest, self.kernels / self.digest)

    def as_it_is(self) -> None:
        """Run all tests on the code without a change, which also compiles the kernels.

        Raises:
            SystemExit: where one fails.
        """
        for stage in range(len(STAGES)):
            if killed := self._stage(stage):
                sys.exit(f"without any mutant: {killed}")

    def killed_by(self, mutant: Mutant) -> str:
        """The test that notices a mutant, or how it ended; an empty string where none does."""
        place = self.root / mutant.path
        before = place.read_text()
        self._write(place, mutant.text)
        own = self._kernels_of(mutant.path)
        try:
            return next(filter(None, map(self._stage, range(len(STAGES)))), "")
        finally:
            self._write(place, before)
            if own and own != self.digest:
                shutil.rmtree(self.kernels / own, ignore_errors=True)

    def _write(self, place: Path, text: str) -> None:
        """Write a file with a time of its own: by it and its size, Python knows whether its bytecode is stale."""
        place.write_text(text)
        self._written += 2
        os.utime(place, (self._written, self._written))

    def _stage(self, stage: int) -> str:
        earlier = [f"--ignore={path}" for paths in STAGES[:stage] for path in paths if path not in STAGES[stage]]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider"]
        command += ["-p", "tests.mutants.watch", f"--deselect={SLOW}"]
        with open(self.root / "output", "w+") as output:
            process = subprocess.Popen(
                [*command, *earlier, *STAGES[stage]], cwd=self.root, env=self._environment(), stdout=output,
                stderr=output, start_new_session=True, preexec_fn=_limit,
            )  # fmt: skip
            try:
                process.wait(900)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            output.seek(0)
            return _cause(process.returncode, output.read())

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "HOME": os.fspath(self.root.parent),
            "XONET_CACHE_DIR": os.fspath(self.kernels),
            "XONET_DIFFERENTIAL_SECONDS": os.environ.get("XONET_DIFFERENTIAL_SECONDS", "10"),
        }

    def _kernels_of(self, path: str) -> str:
        """The digest of the mutant's kernels, where those that cannot depend on its file lie already, compiled."""
        digest = digest_of(self.root)
        if digest and digest != self.digest:
            seed(digest, self.kernels, {TILES, *dependents(self.root, path)}, self.kernels)
        return digest


def dependents(root: Path, path: str) -> set[str]:
    """The modules with kernels that use a file in any way: what they compile to may be another with it."""
    sources = [*root.glob("xonet/kernels/*.py"), *root.glob("xonet/**/native.py")]
    imports = {_module(source.relative_to(root)): _imported(source) for source in sources}
    for found in imports.values():
        found.add(COMPILING)
    changed = {_module(Path(path))}
    while more := {name for name, used in imports.items() if used & changed} - changed:
        changed |= more
    return changed


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imported(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _cause(status: int, output: str) -> str:
    """What ended a run of the tests, from its output; nothing where all passed."""
    if status == 0:
        return ""
    if failed := re.search(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", output, re.MULTILINE):
        return failed[1]
    last = re.findall(r"^begins (.*)$", output, re.MULTILINE)
    how = signal.Signals(-status).name if status < 0 else "no end" if status == 1 else f"status {status}"
    return f"{how} in {last[-1] if last else 'collection'}"
