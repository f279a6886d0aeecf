"""Which folder a run writes to, and that what an earlier one made stays."""

from __future__ import annotations

import json
import os
import platform
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import command, environment, leftovers, start, wait_until, xonet
from xonet.arrays import read_about, read_arrays, write_arrays
from xonet.cli import main

SHORT = ["--set", "data.train.xo.count=100", "--set", "training.schedule=constant"]
NAN = ["--set", "training.optimizer={sgd: {learning_rate: 1e30}}", "--set", "layers.1=relu"]


def run(*arguments, file="small.yaml", status=0):
    assert main(["run", file, *SHORT, *arguments]) == status


def state(folder="runs"):
    """Every file below a folder with its bytes."""
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def epochs(number):
    return ["--set", f"training.epochs={number}"]


def notes(capsys):
    return [line.removeprefix("note: ") for line in capsys.readouterr().err.splitlines() if line.startswith("note: ")]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (epochs(1), "training.epochs is 3 there, 1 here"),
        (["--seed", "5"], "training.seed is the default there, 5 here"),
        (["--set", "layers.2=tanh"], "layers.2 is relu there, tanh here"),
        (["--set", "data.test.xo.count=50"], "data.test.xo.count is 200 there, 50 here"),
        (["--engine", "reference"], "--engine is native there, reference here"),
    ],
    ids=str,
)
def test_other_settings_have_another_folder(folder, capsys, change, what):
    run()
    before = state()
    capsys.readouterr()
    run(*change)
    out, err = capsys.readouterr()
    assert f"note: runs/small/ holds another run ({what}): this one goes to runs/small-2/\n" in err
    assert out.endswith("weights: runs/small-2/model.safetensors\n")
    assert {path: state()[path] for path in before} == before
    run("--seed", "77")
    assert "runs/small-3/" in capsys.readouterr().err


def test_what_changes_no_number_is_the_same_run(folder, capsys):
    run()
    model = Path("runs/small/model.safetensors").read_bytes()
    text = Path("small.yaml").read_text()
    text = text.replace("bias: false}", "bias: false, padding: valid}  # a default that is written").replace(
        "name: small\n", ""
    )
    Path("small.yaml").write_text(f"# a comment\nknobs: {{unused: 3}}\ndescription: small\n{text}")
    capsys.readouterr()
    run("--threads", "1", "--set", "training.checkpoint_every=2", "--set", "expect={loss: {max: 100}}")
    assert notes(capsys) == [] and os.listdir("runs") == ["small"]
    assert len(model) > 0 and read_about("runs/small/model.safetensors", "model")["finished"] == "yes"


def test_the_same_run_again_makes_the_same_file(folder):
    run()
    before = state()
    run()
    now = state()
    assert now.keys() == before.keys()
    for name in ("model", "checkpoint"):
        path = Path(f"runs/small/{name}.safetensors")
        assert now[path] == before[path], name
    assert not leftovers(folder)


def test_other_pictures_in_a_folder_are_another_run(folder, capsys):
    for name, count in (("X", 12), ("O", 12)):
        Path("letters", name).mkdir(parents=True)
        for number in range(count):
            Path("letters", name, f"{number}.png").write_bytes(Path("white.png").read_bytes())
    data = ["--set", "data.train={images: {folder: letters}}"]
    assert main(["run", "small.yaml", *data]) == 0
    before = state()
    Path("letters/X/12.png").write_bytes(Path("white.png").read_bytes())
    capsys.readouterr()
    assert main(["run", "small.yaml", *data]) == 0
    said = notes(capsys)
    assert any("data differ" in note and "runs/small-2/" in note for note in said), said
    assert {path: state()[path] for path in before} == before


def test_a_run_that_breaks_off_keeps_what_was_there(folder, capsys):
    run()
    before = state()
    capsys.readouterr()
    assert main(["evaluate", "small.yaml", *SHORT, "--json"]) == 0
    score = capsys.readouterr().out
    run(*NAN, status=1)
    out, err = capsys.readouterr()
    assert "weights from before the first epoch are kept" in err and "weights: " not in out + err
    assert state() == before and os.listdir("runs") == ["small"]
    assert main(["evaluate", "small.yaml", *SHORT, "--json"]) == 0
    assert capsys.readouterr().out == score


def test_which_model_is_used(folder, capsys):
    run()
    run(*epochs(1))
    run("--set", "layers.2=tanh")
    capsys.readouterr()

    def used(*more):
        assert main(["predict", "small.yaml", "white.png", *more]) == 0
        return notes(capsys)[0].split()[0]

    assert used(*SHORT) == "runs/small/model.safetensors"
    assert used(*SHORT, *epochs(1)) == "runs/small-2/model.safetensors"
    assert used() == "runs/small-3/model.safetensors", "nothing is of these settings: the newest"


def test_out_of_another_run(folder, capsys):
    run("--out", "out")
    before = state("out")
    capsys.readouterr()
    run("--out", "out", *epochs(2), status=2)
    assert capsys.readouterr().err == (
        "xonet: out/ holds another run (training.epochs is 3 there, 2 here): --overwrite replaces it once this run is "
        "finished, another --out keeps both\n"
    )
    assert state("out") == before
    run("--out", "out", *NAN, "--overwrite", status=1)
    assert state("out") == before, "nothing finished, nothing replaced"
    run("--out", "out", *epochs(2), "--overwrite")
    assert json.loads(Path("out/result.json").read_text())["epochs"] == 2 and state("out").keys() == before.keys()
    run("--out", "out", *epochs(0), "--overwrite")
    assert sorted(os.listdir("out")) == ["model.safetensors", "result.json"]


def test_two_at_once(folder):
    long = ["--set", "training.epochs=40", "--set", "data.train.xo.count=3000"]
    processes = [start("run", "small.yaml", *long, cwd=folder) for _ in range(3)]
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert sorted({out.splitlines()[-1] for out, _ in said}) == [
        "weights: runs/small-2/model.safetensors",
        "weights: runs/small-3/model.safetensors",
        "weights: runs/small/model.safetensors",
    ]
    assert len({path.read_bytes() for path in Path("runs").glob("*/model.safetensors")}) == 1
    assert not leftovers(folder)


def test_out_that_is_in_use(folder, capsys):
    process = start("run", "small.yaml", *epochs(5000), "--out", "out", cwd=folder)
    wait_until(Path("out/checkpoint.safetensors").exists, process)
    whose = rf"another run \(process {process.pid} on {re.escape(platform.node())}, since [0-9: -]+\)"
    for more in ([], ["--overwrite"], ["--resume"]):
        capsys.readouterr()
        assert main(["run", "small.yaml", *epochs(5000), "--out", "out", *more]) == 2
        assert re.fullmatch(f"xonet: out/ is being written by {whose}: [^\n]+\n", capsys.readouterr().err)
    process.kill()
    process.communicate()
    done = int(read_about("out/checkpoint.safetensors", "checkpoint")["epochs"])
    assert main(["run", "small.yaml", *epochs(done), "--out", "out", "--resume"]) == 0, "a dead one's claim is none"
    assert not leftovers(folder)


def test_a_run_beside_one_that_is_at_work_says_whose_the_folder_is(folder, capsys):
    process = start("run", "small.yaml", *epochs(5000), cwd=folder)
    wait_until(Path("runs/small/checkpoint.safetensors").exists, process)
    before = process.poll()
    run()
    note = notes(capsys)[0]
    assert note.startswith(f"runs/small/ is being written by another run (process {process.pid} on ")
    assert note.endswith("): this one goes to runs/small-2/") and process.poll() is before is None
    assert main(["run", "small.yaml", *epochs(5000), "--resume"]) == 2
    assert f"(process {process.pid} on " in capsys.readouterr().err
    process.kill()
    process.communicate()


def test_interrupted_before_the_first_epoch_nothing_is_resumed_quietly(folder, capsys):
    run()
    before = state()
    long = ["--set", "data.train.xo.count=200000", "--set", "training.epochs=2"]
    process = start("run", "small.yaml", *long, "--threads", "1", cwd=folder)
    wait_until(Path("runs/small-2").exists, process)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert "interrupted" in said and "--resume continues" not in said
    assert state() == before and not Path("runs/small-2").exists()
    assert main(["run", "small.yaml", "--set", "training.epochs=2", "--resume"]) == 2
    assert "nothing to resume" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_stop_has_a_checkpoint_of_its_last_epoch(folder, number):
    every = ["--set", "training.checkpoint_every=100000", "--set", "data.train.xo.count=2000"]
    process = start("run", "small.yaml", *every, *epochs(5000), cwd=folder)
    history = Path("runs/small/history.jsonl")
    wait_until(lambda: history.exists() and history.read_text().count("\n") > 2, process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number and "Traceback" not in err
    done = history.read_text().count("\n")
    assert err.splitlines()[-1].endswith(
        f"--resume continues from runs/small/checkpoint.safetensors, after epoch {done}"
    )
    resumed = xonet("run", "small.yaml", *every, *epochs(done + 1), "--resume", cwd=folder)
    assert f"note: resuming runs/small/ after epoch {done} of {done + 1}" in resumed.stderr
    assert resumed.returncode == 0


def test_an_interruption_within_an_epoch_changes_no_bit(folder):
    more = ["--set", "data.train.xo.count=30000", "--set", "training.batch_size=8", *epochs(3)]
    assert xonet("run", "small.yaml", *more, "--out", "whole", cwd=folder).returncode == 0
    process = start("run", "small.yaml", *more, "--out", "cut", cwd=folder)
    wait_until(Path("cut/checkpoint.safetensors").exists, process)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert xonet("run", "small.yaml", *more, "--out", "cut", "--resume", cwd=folder).returncode == 0
    for name in ("model.safetensors", "checkpoint.safetensors"):
        assert Path("cut", name).read_bytes() == Path("whole", name).read_bytes()


def test_early_stopping_between_two_checkpoints(folder, capsys):
    stopping = ["--set", "training.checkpoint_every=10", "--set"]
    run(*stopping, "training.early_stopping={patience: 0, monitor: loss, min_delta: 100}", *epochs(30))
    _, about = read_arrays("runs/small/checkpoint.safetensors", "checkpoint")
    assert about["epochs"] == "2"
    capsys.readouterr()
    run(*stopping, "training.early_stopping={patience: 3, monitor: validation_accuracy}", *epochs(30), "--resume")
    said = notes(capsys)
    assert said[0] == "resuming runs/small/ after epoch 2 of 30" and any("runs/small-2/" in note for note in said)


@pytest.mark.parametrize(
    ("monitor", "best", "other"), [("validation_loss", 0.0, 9.0), ("validation_accuracy", 1.0, 0.0)]
)
def test_resume_with_another_monitor_seeks_the_best_anew(folder, capsys, monitor, best, other):
    run(*epochs(4), "--set", "training.early_stopping={patience: 9, monitor: loss}", "--out", "out")
    arrays, about = read_arrays("out/checkpoint.safetensors", "checkpoint")
    rows = json.loads(about["history"])
    losses = [row["loss"] for row in rows]
    chosen = 1 if losses.index(min(losses)) == 0 else 0  # an early epoch, and another than that whose weights are kept
    for epoch, row in enumerate(rows):
        row[monitor] = best if epoch == chosen else other
    write_arrays("out/checkpoint.safetensors", "checkpoint", arrays, {**about, "history": json.dumps(rows)})
    capsys.readouterr()
    more = ["--set", f"training.early_stopping={{patience: 9, monitor: {monitor}}}", "--out", "out", "--resume"]
    run(*epochs(5), *more)
    said = f"epoch {chosen + 1} was the best, but its weights were not kept"
    assert any(said in note for note in notes(capsys))


def test_an_unfinished_run_of_other_epochs_is_not_taken_for_one_that_is_finished(folder, capsys):
    cosine = ["--set", "training.schedule={cosine: {}}"]
    run(*cosine)
    before = state()
    process = start("run", "small.yaml", *SHORT, *cosine, *epochs(5000), cwd=folder)
    wait_until(Path("runs/small-2/checkpoint.safetensors").exists, process)
    process.kill()
    process.communicate()
    capsys.readouterr()
    run(*cosine, "--resume")
    assert notes(capsys) == ["runs/small/ is finished: there is nothing to resume"]
    done = int(read_about("runs/small-2/checkpoint.safetensors", "checkpoint")["epochs"])
    run(*cosine, *epochs(done + 1), "--resume")
    assert any("from here on, training.epochs is 5000 there" in note for note in notes(capsys))
    assert main(["predict", "small.yaml", "white.png", *SHORT, *cosine]) == 0
    assert notes(capsys)[0].startswith("runs/small/model.safetensors is used")
    assert {path: state()[path] for path in before} == before


def test_another_optimizer_begins_with_zeros(folder, capsys):
    process = start("run", "small.yaml", *SHORT, *epochs(5000), cwd=folder)
    wait_until(Path("runs/small/checkpoint.safetensors").exists, process)
    process.kill()
    process.communicate()
    before = state()
    done = int(read_about("runs/small/checkpoint.safetensors", "checkpoint")["epochs"])
    run(*epochs(done + 1), "--resume", "--set", "training.optimizer={sgd: {learning_rate: 0.01, momentum: 0.9}}")
    said = notes(capsys)
    assert any("starts at zero" in note for note in said) and any("training.optimizer is" in note for note in said)
    assert {path: state()[path] for path in before} == before, "it has a folder of its own"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("...yaml", "network"), ("..yaml", "network"), (".yaml", "yaml"), (".hidden.yaml", "hidden"),
        ("a b\n.yaml", "a b_"), ("x" * 250 + ".yaml", None), ("ü.yaml", "ü"), ("u\u0308.yaml", "ü"),
        ("\udcff.yaml", "\udcff"), ("-x.yaml", "-x"), ("näme" * 50 + ".yml", None),
    ],
)  # fmt: skip
def test_results_have_a_folder_below_runs_whatever_the_file_is_called(folder, file, name):
    text = Path("small.yaml").read_text().replace("name: small\n", "")
    Path(file).write_text(text)
    before = set(os.listdir())
    found = subprocess.run(
        command("run", f"./{file}", *SHORT, *epochs(1)), env=environment(), capture_output=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert set(os.listdir()) - before == {"runs"}
    (made,) = Path("runs").iterdir()
    assert (made / "result.json").exists() and (name is None or made.name == name)
    again = subprocess.run(command("evaluate", f"./{file}"), env=environment(), capture_output=True, check=False)
    assert again.returncode == 0, again.stderr


def test_a_folder_whose_name_is_not_utf8(folder):
    os.mkdir(b"\xff\xfe")
    for name in ("X", "O"):
        os.makedirs(os.path.join(b"\xff\xfe", b"letters", name.encode()))
        for number in range(10):
            Path(os.fsdecode(b"\xff\xfe/letters"), name, f"{number}\udcff.png").write_bytes(
                Path("white.png").read_bytes()
            )
    os.rename("small.yaml", b"\xff\xfe/small.yaml")
    data = ["--set", "data.train={images: {folder: letters}}"]
    arguments = command("run", os.fsdecode(b"\xff\xfe/small.yaml"), *epochs(1), *data)
    found = subprocess.run(arguments, env=environment(), capture_output=True, check=False)
    assert found.returncode == 0 and b"Traceback" not in found.stderr, found.stderr
    model = command("evaluate", "runs/small/model.safetensors")
    assert subprocess.run(model, env=environment(), check=False, stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("where", ["/dev/full", "closed pipe"])
def test_results_are_written_though_nobody_can_be_told(folder, where):
    read, write = os.pipe()
    os.close(read)
    stream = write if where == "closed pipe" else os.open(where, os.O_WRONLY)
    arguments = command("run", "small.yaml", *SHORT)
    subprocess.run(arguments, env=environment(), stdout=stream, stderr=stream, check=False)
    os.close(stream)
    assert sorted(path.name for path in Path("runs/small").iterdir()) == [
        "checkpoint.safetensors", "history.jsonl", "model.safetensors", "result.json",
    ]  # fmt: skip


def test_ctrl_c_twice(folder):
    """The second one, while the first is still at work, ends at once; what is on disk is whole."""
    process = start("run", "small.yaml", *epochs(5000), cwd=folder)
    checkpoint = Path("runs/small/checkpoint.safetensors")
    wait_until(checkpoint.exists, process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT) and "Traceback" not in err, err
    read_arrays(checkpoint, "checkpoint")


LONG = ["--set", "training.epochs=100000", "--set", "training.early_stopping={patience: 100000, monitor: loss}"]


def begun(folder, *arguments):
    """A run whose first checkpoint is written, and that is halted."""
    process = start("run", "small.yaml", *LONG, *arguments, cwd=folder)
    wait_until((folder / "runs/small/checkpoint.safetensors").exists, process)
    process.send_signal(signal.SIGSTOP)
    return process


def go_on_and_stop(process, seen):
    process.send_signal(signal.SIGCONT)
    try:
        wait_until(seen, process)
        os.set_blocking(process.stderr.fileno(), True)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130 and "Traceback" not in err
    return err


def test_a_folder_that_is_removed_while_a_run_writes_to_it_is_made_again(folder):
    process = begun(folder)
    (folder / "runs/small").rename(folder / "moved")
    err = go_on_and_stop(process, (folder / "runs/small/checkpoint.safetensors").exists)
    assert "; --resume continues from runs/small/checkpoint.safetensors, after epoch " in err


def test_a_run_whose_folder_was_removed_keeps_off_what_took_its_place(folder):
    process = begun(folder)
    (folder / "runs/small").rename(folder / "moved")
    assert xonet("run", "small.yaml", cwd=folder).returncode == 0
    before = state(folder / "runs")
    os.set_blocking(process.stderr.fileno(), False)
    said = []

    def told():
        said.append((process.stderr.buffer.read() or b"").decode())
        assert state(folder / "runs") == before
        return "something else is in its place; training continues" in "".join(said)

    assert go_on_and_stop(process, told).endswith("xonet: interrupted; no checkpoint has been written yet\n")
    assert state(folder / "runs") == before


@pytest.mark.parametrize("what", ["file", "link"])
def test_what_is_no_folder_takes_no_run(folder, capsys, what):
    Path("runs").mkdir()
    if what == "file":
        Path("runs/small").write_text("mine")
    else:
        Path("runs/small").symlink_to("nowhere")
    run()
    assert "note: runs/small is not a folder: this one goes to runs/small-2/" in capsys.readouterr().err
    assert Path("runs/small-2/model.safetensors").exists()
    assert main(["evaluate", "small.yaml"]) == 0


def test_results_are_not_lost_where_a_file_lies_in_the_way(folder, capsys):
    run()
    Path("runs/small/unfinished").write_text("mine")
    before = state()
    capsys.readouterr()
    run(status=2)
    said = capsys.readouterr().err
    where = Path(said.partition("results are in ")[2].partition(";")[0])
    assert read_about(where / "model.safetensors", "model")["finished"] == "yes"
    assert state() == before
    for path in where.iterdir():
        path.unlink()
    where.rmdir()
