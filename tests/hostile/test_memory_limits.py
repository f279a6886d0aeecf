"""By `ulimit -v` or `-d` every verb gives its answer or one line: no traceback, no hang, no library's words."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from tests.cli.conftest import SMALL
from tests.command import TIMEOUT_SECONDS, command, environment, xonet

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process takes")

ADDRESSES, DATA = resource.RLIMIT_AS, resource.RLIMIT_DATA
PROGRESS = ("compiling ", "epoch ", "note: ")
VERBS = {
    "validate": ["validate", "net.yaml"],
    "layers": ["layers"],
    "cache": ["cache"],
    "summary": ["summary", "net.yaml"],
    "run": ["run", "net.yaml", "--overwrite"],
    "bench": ["bench", "net.yaml"],
    "warm": ["warm"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A network whose kernels are kept, and an empty cache beside it."""
    folder = tmp_path_factory.mktemp("little")
    (folder / "net.yaml").write_text(SMALL)
    done = xonet("run", "net.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def limited(folder, verb, kind, mebibytes, **cache):
    """How a verb ends where it may take so much; nothing but progress and one line may come with a status of 2."""
    most = mebibytes * 2**20
    done = subprocess.run(
        command(*VERBS[verb]), cwd=folder, env=environment(**cache), capture_output=True,
        text=True, timeout=TIMEOUT_SECONDS, preexec_fn=lambda: resource.setrlimit(kind, (most, most)),
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if not line.startswith(PROGRESS)]
    if done.returncode == 0:
        assert done.stdout and not said
    else:
        assert done.returncode == 2 and len(said) == 1, done
        assert said[0].startswith("xonet: not enough memory: "), said
        assert said[0].endswith(f"; ulimit {'-v' if kind == ADDRESSES else '-d'} allows {mebibytes} MiB")
    return done.stderr


@pytest.mark.parametrize(
    ("verb", "mebibytes", "words"),
    [
        ("validate", 25, "xonet needs"),
        ("run", 60, "NumPy needs"),  # OpenBLAS' words and status 1, once
        ("summary", 60, "NumPy needs"),
        ("bench", 60, "NumPy needs"),
        ("run", 170, "llvmlite needs"),  # SystemError, once
        ("cache", 120, "llvmlite needs"),  # OSError of a file that is there, once
        ("warm", 170, "llvmlite needs"),
        ("warm", 260, "llvmlite needs"),
    ],
)
def test_a_line(folder, verb, mebibytes, words):
    assert words in limited(folder, verb, ADDRESSES, mebibytes)


@pytest.mark.parametrize(("verb", "mebibytes"), [("validate", 60), ("layers", 60), ("cache", 300), ("run", 3000)])
def test_an_answer(folder, verb, mebibytes):
    assert "not enough" not in limited(folder, verb, ADDRESSES, mebibytes)


@pytest.mark.parametrize("mebibytes", [400, 500])
@pytest.mark.parametrize("verb", ["run", "warm"])
def test_nothing_is_compiled_where_llvm_would_end_the_process(folder, verb, mebibytes):
    empty = folder / f"empty-{verb}-{mebibytes}"
    said = limited(folder, verb, ADDRESSES, mebibytes, XONET_CACHE_DIR=str(empty))
    # older libraries are smaller, and 500 MiB may do for them
    assert ("compiling kernels needs" in said) != bool([*empty.rglob("*.o")])
    # where the first ones fit, the one that does not is told
    assert "compiling kernels needs" in said or "compiling a kernel needs" in said or mebibytes == 500


@pytest.mark.parametrize(("verb", "mebibytes"), [("validate", 15), ("run", 60), ("run", 150), ("warm", 120)])
def test_data_is_limited(folder, verb, mebibytes):
    limited(folder, verb, DATA, mebibytes, XONET_CACHE_DIR=str(folder / "empty"))


def test_arrays_that_fill_it(folder):
    (folder / "net.yaml").rename(folder / "small.yaml")
    (folder / "net.yaml").write_text(SMALL.replace("- dense", "- dense: {units: 200000}\n  - relu\n  - dense"))
    try:
        assert all("not enough memory" in limited(folder, "run", ADDRESSES, most) for most in (400, 500, 600))
    finally:
        (folder / "small.yaml").replace(folder / "net.yaml")


def test_the_library_raises_what_python_has_for_it(folder):
    program = f"""
import numpy as np, resource, xonet
resource.setrlimit(resource.RLIMIT_AS, ({350 << 20}, {350 << 20}))
try:
    xonet.Model(xonet.load({json.dumps(str(folder / "net.yaml"))})).predict(np.zeros((1, 9, 9, 1), np.uint8))
except MemoryError as error:
    print(error)
"""
    env = environment(XONET_CACHE_DIR=str(folder / "empty"), OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=TIMEOUT_SECONDS
    )
    assert done.stdout.startswith("compiling kernels needs"), done


def test_what_is_asked_for_is_what_is_taken(folder):
    """The figures hold for the versions at hand: each library takes no more than is asked for it beforehand."""
    program = """
import sys
from xonet.cli import _memory
from xonet.machine import must_be_free
asked, grown = [], {}
size = lambda: int(next(line for line in open("/proc/self/status") if line.startswith("VmPeak")).split()[1]) / 1024
_memory.must_be_free = lambda what, addresses, data: asked.append(addresses)
_memory.limits = lambda: True
_memory.prepare()
for name in ("numpy", "llvmlite.binding"):
    before = size()
    __import__(name)
    print(asked[-1], size() - before)
from xonet.kernels import loading
from xonet.kernels.loading import library
from xonet.layers.max_pool2d.native import forward
loading.must_be_free = lambda what, addresses, data: asked.append(addresses)
library()
before, first = size(), len(asked)
loading._compiled(None)
loading._compiled(forward)
print(asked[first], size() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, text=True)
    figures = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    assert len(figures) == 3, done.stderr
    assert all(asked >= taken * 1.1 for asked, taken in figures), figures


def test_few_threads_of_openblas():
    """A process under a limit does not pay for threads that multiply nothing; whoever asks for some gets them."""
    program = "import os; from xonet.cli._memory import prepare; prepare(); print(os.environ['OPENBLAS_NUM_THREADS'])"

    def threads(**more):
        env = {name: value for name, value in environment().items() if name != "OPENBLAS_NUM_THREADS"}
        python = [sys.executable, "-c", program]
        return subprocess.run(python, env={**env, **more}, capture_output=True, text=True).stdout.strip()

    assert threads() == "1" and threads(OPENBLAS_NUM_THREADS="3") == "3"
