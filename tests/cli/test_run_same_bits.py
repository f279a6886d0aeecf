"""The same weights, to the bit: on any number of threads, and when a run that was killed goes on."""

from __future__ import annotations

import json
import signal
from functools import cache
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from tests.cli.conftest import SMALL
from tests.command import leftovers, start, wait_until, xonet
from xonet.cli import main

PLAIN = "{sgd: {learning_rate: 0.05, momentum: 0.9}}"
NETWORKS = {
    "everything": [],
    "sgd": ["--set", f"training.optimizer={PLAIN}", "--set", "layers.1=relu"],
    "restore_best": ["--set", "training.early_stopping={patience: 2, monitor: loss}"],
}
LONG = ["--set", "training.epochs=30", "--set", "data.train.xo.count=2000", "--set", "training.batch_size=16"]


def outcome(out):
    """All of a run's result but times."""
    result = json.loads(Path(out, "result.json").read_text())
    rows = [json.loads(line) for line in Path(out, "history.jsonl").read_text().splitlines()]
    return result["digest"], result["test"], [{**row, "seconds": 0} for row in rows]


@pytest.mark.parametrize("more", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_threads_and_repetition_change_nothing(folder, engine, more):
    found = []
    for threads in ("1", "2", "8", "2"):
        assert main(["run", "small.yaml", "--engine", engine, "--threads", threads, *more]) == 0
        found.append(outcome("runs/small"))
    assert all(other == found[0] for other in found)
    assert len(found[0][2]) == 3


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """Makes the arguments of a long run, and what it comes to when nobody stops it."""
    file = tmp_path_factory.mktemp("long") / "small.yaml"
    file.write_text(SMALL)

    @cache
    def make(name):
        arguments, out = ["run", str(file), *LONG, *NETWORKS[name]], file.parent / name
        assert xonet(*arguments, "--out", out, cwd=file.parent).returncode == 0
        return arguments, outcome(out)

    return make


MOMENTS = [("everything", 1, 0.0), ("everything", 3, 0.02), ("everything", 6, 0.05), ("sgd", 2, 0.01)]


@pytest.mark.parametrize(("name", "epochs", "delay"), [*MOMENTS, ("restore_best", 2, 0.01)])
def test_kill_and_resume(uninterrupted, tmp_path, name, epochs, delay):
    arguments, expected = uninterrupted(name)
    assert len(expected[2]) > epochs + 3, "it would be over too soon"
    history, checkpoint = tmp_path / "out/history.jsonl", tmp_path / "out/checkpoint.safetensors"
    process = start(*arguments, "--out", "out", "--threads", "2", cwd=tmp_path)
    wait_until(lambda: checkpoint.exists() and len(history.read_text().splitlines()) >= epochs, process)
    with pytest.raises(TimeoutExpired):
        process.wait(delay)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    assert not (tmp_path / "out/result.json").exists(), "it was over already"
    resumed = xonet(*arguments, "--out", "out", "--threads", "1", "--resume", cwd=tmp_path)
    assert resumed.returncode == 0 and resumed.stderr.startswith("note: resuming out/ after epoch ")
    first = int(resumed.stderr.splitlines()[1].split("/")[0].split()[-1])
    assert 1 < first <= len(expected[2]), "it went on, and did not begin anew"
    assert outcome(tmp_path / "out") == expected
    assert not leftovers(tmp_path)


def test_early_stopping_stops_and_gives_the_best_back(folder):
    constant = ["--set", "training.schedule=constant"]
    stopping = ["--set", "training.early_stopping={patience: 2, monitor: loss, min_delta: 0.05}"]
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=60", *stopping]) == 0
    digest, _, rows = outcome("runs/small")
    losses = [row["loss"] for row in rows]
    best = 0
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] - 0.05 else best
    assert 0 < best and len(losses) == best + 4 < 60, "it may go two epochs without getting better, not three"
    assert main(["run", "small.yaml", *constant, "--set", f"training.epochs={best + 1}"]) == 0
    assert outcome("runs/small-2")[0] == digest


def test_resume_goes_on_with_more_epochs(folder, capsys):
    constant = ["--set", "training.schedule=constant"]
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=5"]) == 0
    whole = outcome("runs/small")
    Path("runs").rename("before")
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=2"]) == 0
    short = outcome("runs/small")
    capsys.readouterr()
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=5", "--resume"]) == 0
    err = capsys.readouterr().err
    assert err.splitlines()[:2] == [
        "note: resuming runs/small/ after epoch 2 of 5",
        "note: runs/small/ holds another run (training.epochs is 2 there, 5 here): this one goes to runs/small-2/",
    ]
    assert "epoch 3/5" in err and "epoch 2/5" not in err
    assert outcome("runs/small-2") == whole and outcome("runs/small") == short
    model = Path("runs/small-2/model.safetensors").read_bytes()
    assert model == Path("before/small/model.safetensors").read_bytes(), "the same file, to the byte"


def test_resume_of_a_run_that_is_over_only_measures(folder, capsys):
    assert main(["run", "small.yaml"]) == 0
    before = outcome("runs/small")
    capsys.readouterr()
    assert main(["run", "small.yaml", "--resume"]) == 0
    assert outcome("runs/small") == before
    assert capsys.readouterr().err == "note: runs/small/ is finished: there is nothing to resume\n"


def test_checkpoints_now_and_then(folder):
    every = ["--set", "training.checkpoint_every=2"]
    assert main(["run", "small.yaml", *every, "--set", "training.epochs=5"]) == 0
    whole = outcome("runs/small")
    checkpoint = Path("runs/small/checkpoint.safetensors")
    checkpoint.unlink()
    Path("runs/small/result.json").unlink()
    assert main(["run", "small.yaml", *every, "--set", "training.epochs=6", "--resume"]) == 2
    assert main(["run", "small.yaml", "--set", "training.checkpoint_every=7", "--set", "training.epochs=5"]) == 0
    assert outcome("runs/small") == whole and checkpoint.exists(), "the last epoch has one always"


def digest_of(run):
    """Of a run's parameters."""
    return json.loads(Path(run, "result.json").read_text())["digest"]


def test_a_part_of_an_epoch_and_a_time_limit(folder, capsys):
    constant = ["--set", "training.schedule=constant"]
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=3"]) == 0
    expected = digest_of("runs/small")
    capsys.readouterr()
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=1.5", "--out", "part"]) == 0
    assert "epoch 1.5/1.5" in capsys.readouterr().err
    assert json.loads(Path("part/result.json").read_text())["epochs"] == 1.5
    assert main(["run", "small.yaml", *constant, "--set", "training.epochs=3", "--out", "part", "--resume"]) == 0
    assert "note: resuming part/ after epoch 1.5 of 3" in capsys.readouterr().err
    assert digest_of("part") == expected
    limit = ["--set", "training.epochs=1000000", "--set", "training.time_limit=0.001"]
    assert main(["run", "small.yaml", *limit, "--out", "limited"]) == 0
    assert "note: training.time_limit ended training after" in capsys.readouterr().err
    assert json.loads(Path("limited/result.json").read_text())["ended_by"] == "time_limit"
    assert main(["run", "small.yaml", *limit, "--out", "limited", "--resume"]) == 0
    assert "is finished: there is nothing to resume" in capsys.readouterr().err
