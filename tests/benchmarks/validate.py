"""How long `xonet validate` takes for 1, 100 and 1,000 files, beside check-jsonschema on the same files.

    python -m tests.benchmarks.validate [FOLDER]

prints a Markdown table; each number is the best of three whole processes, with the processor's time in brackets: on a
machine that is busy with other things, it says more. The files are copies of those in FOLDER
(networks/, unless named), each with a comment of its own.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

from tests.benchmarks.cases import ROOT
from tests.benchmarks.processes import XONET, timed

SIZES = (1, 100, 1000)
TIMES = 3


def seconds(command: list[str]) -> tuple[float, float]:
    """The best of a few runs: by the clock, and of processor time."""
    runs = [timed(command)[:2] for _ in range(TIMES)]
    clock, used = zip(*runs, strict=True)
    return min(clock), min(used)


def copies(files: list[Path], count: int, folder: Path) -> list[str]:
    """So many files in a folder, the given ones again and again."""
    folder.mkdir()
    names = []
    for number, file in enumerate(islice(cycle(files), count)):
        name = folder / f"{number:04}.yaml"
        name.write_text(f"{file.read_text()}\n# copy {number}\n")
        names.append(str(name))
    return names


def main() -> None:
    """Measure and print."""
    files = sorted((Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "networks").rglob("*.yaml"))
    ours = [*XONET, "validate", "--no-data", "--quiet"]
    schema = ROOT / "schemas" / "network.schema.json"
    theirs = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema)]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in SIZES:
            names = copies(files, count, Path(folder) / str(count))
            rows.append((count, seconds([*ours, *names]), seconds([*theirs, *names])))
    print(f"Python {platform.python_version()}, check-jsonschema {version('check-jsonschema')}, {platform.machine()}\n")
    print("| files | xonet validate | check-jsonschema | times as fast |\n|---:|---:|---:|---:|")
    for count, mine, other in rows:
        print(
            f"| {count:,} | {mine[0]:.2f} s ({mine[1]:.2f}) | {other[0]:.2f} s ({other[1]:.2f}) "
            f"| {other[0] / mine[0]:.1f} |"
        )


if __name__ == "__main__":
    main()
