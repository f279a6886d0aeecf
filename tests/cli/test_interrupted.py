"""Ctrl-C, at any time: status 130, one line, no traceback, and what was kept is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests.command import environment, hear_ctrl_c, leftovers, start, wait_until, xonet
from xonet.arrays import read_arrays

LONG = ["--set", "training.epochs=1000", "--set", "data.train.xo.count=1000"]


def interrupt(process):
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert out == "" and "Traceback" not in err
    return [line for line in err.splitlines() if not line.startswith(("epoch ", "compiling "))]


@pytest.mark.parametrize("more", [[], ["--threads", "1"], ["--engine", "reference"]], ids=" ".join)
def test_while_it_trains(folder, more):
    checkpoint = folder / "runs/small/checkpoint.safetensors"
    process = start("run", "small.yaml", *LONG, *more, cwd=folder)
    wait_until(checkpoint.exists, process)
    assert interrupt(process)[0].startswith(
        f"xonet: interrupted; --resume continues from {checkpoint.relative_to(folder)}, after epoch "
    )
    assert not leftovers(folder) and not (folder / "runs/small/model.safetensors").exists()
    _, about = read_arrays(checkpoint, "checkpoint")
    done = about["history"].count('"epoch"')
    resumed = xonet("run", "small.yaml", *LONG, *more, "--resume", "--set", f"training.epochs={done}", cwd=folder)
    assert resumed.returncode == 0 and (folder / "runs/small/model.safetensors").exists()


def test_in_a_long_epoch_on_one_thread(folder):
    """Kernels run without the interpreter, which must hear of it all the same, and soon."""
    slow = ["data.train.xo.count=4000", "training.batch_size=1", "layers.0.conv2d.features=99"]
    more = [part for setting in slow for part in ("--set", setting)]
    process = start("run", "small.yaml", *more, "--threads", "1", cwd=folder)
    wait_until((folder / "runs/small").exists, process)
    time.sleep(0.3)
    began = time.monotonic()
    assert interrupt(process) == ["xonet: interrupted; no checkpoint has been written yet"]
    assert time.monotonic() - began < 5


def test_while_kernels_are_compiled(folder):
    process = start("run", "small.yaml", cwd=folder, env={"XONET_CACHE_DIR": str(folder / "cache")})
    wait_until(lambda: list(folder.glob("cache/*/*.o")), process)
    assert interrupt(process) == ["xonet: interrupted; no checkpoint has been written yet"]
    assert [path.suffix for path in folder.glob("cache/*/*")].count(".o") == len(list(folder.glob("cache/*/*")))
    assert not (folder / "runs/small/history.jsonl").exists()


def test_while_data_are_loaded(folder):
    process = start("run", "small.yaml", "--set", "data.train.xo.count=2000000", cwd=folder)
    time.sleep(1.5)
    assert interrupt(process) == ["xonet: interrupted"]
    assert not (folder / "runs").exists()


def test_while_it_evaluates(folder):
    assert xonet("run", "small.yaml", cwd=folder).returncode == 0
    process = start("evaluate", "small.yaml", "--set", "data.test.xo.count=2000000", cwd=folder)
    time.sleep(1.5)
    assert interrupt(process) == ["xonet: interrupted"]


def test_an_old_checkpoint_is_not_taken_for_this_runs(folder):
    assert xonet("run", "small.yaml", cwd=folder).returncode == 0
    before = (folder / "runs/small/checkpoint.safetensors").read_bytes()
    process = start("run", "small.yaml", "--set", "data.train.xo.count=200000", "--threads", "1", cwd=folder)
    time.sleep(1.0)
    said = interrupt(process)
    assert len(said) == 1 and "--resume" not in said[0]
    assert (folder / "runs/small/checkpoint.safetensors").read_bytes() == before
    assert (folder / "runs/small/result.json").exists(), "nothing of the earlier run is touched before an epoch is over"


@pytest.mark.parametrize(
    "module",
    ["enum", "argparse", "xonet.cli", "xonet.cli._selection", "xonet.diagnostics", "yaml", "xonet.network", "numbers"],
)
def test_while_modules_are_imported(folder, module):
    """Python says on stderr what it has just imported, so that the moment is no matter of luck."""
    process = start("validate", "small.yaml", cwd=folder, options=["-X", "importtime"])
    for line in process.stderr:
        if line.endswith(f" {module}\n"):
            process.send_signal(signal.SIGINT)
            break
    else:
        pytest.fail("it is imported no more")
    out, err = process.communicate(timeout=60)
    said = [line for line in err.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, out, said) == (130, "", ["xonet: interrupted"])


def test_in_a_callback_that_may_not_raise(folder):
    """Python would print a traceback, and go on as if nobody had pressed anything."""
    code = """
import weakref, _signal, xonet.cli
from xonet.__main__ import main
class Thing: pass
def verb():
    thing = Thing()
    kept = weakref.ref(thing, lambda _: _signal.raise_signal(_signal.SIGINT))
    del thing
    print("went on", flush=True)
    return 0
xonet.cli.main = verb
raise SystemExit(main())
"""
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False,
        preexec_fn=hear_ctrl_c,
    )  # fmt: skip
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "xonet: interrupted\n")
