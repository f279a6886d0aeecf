"""`xonet bench`: what it prints, what it compares with, and what it says where it cannot."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

import xonet
from tests.command import ROOT, command, environment, start
from xonet.bench.peers import _peer
from xonet.bench.peers._names import PEERS
from xonet.bench.task import Task
from xonet.cli import bench, main

KEYS = (
    "name machine versions threads batch_size loss optimizer layers training inference latency memory turns "
    "disturbed_turns"
).split()
LAYER = "place layer forward_seconds backward_seconds share in_passing multiply_adds gflops of_peak".split()


def needs(*packages):
    missing = [package for package in packages if find_spec(package) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}; pip install 'xonet[bench]'")


@pytest.fixture
def quick(folder, monkeypatch):
    """A folder with a network, and little effort to measure it."""
    for name, value in (("ROUNDS", 2), ("TURN_SECONDS", 0.01), ("QUIET_WAIT_SECONDS", 0.0)):
        monkeypatch.setattr(bench, name, value)
    monkeypatch.setenv("CXX", "no-compiler-here")  # torch.compile takes longer than all that is tested
    _peer.left_out.cache_clear()
    (folder / "plain.yaml").write_text(
        "xonet: 1\ninput: {height: 9, width: 9}\n"
        "layers: [{conv2d: {features: 4, kernel_size: 3}}, relu, {max_pool2d: {window: 2}}, {dense: {units: 3}}]\n"
    )
    return folder


def figures(capsys, *arguments):
    assert main(["bench", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_json(quick, capsys):
    found = figures(capsys, "small.yaml", "--threads", "1")
    assert list(found) == KEYS
    assert (found["name"], found["threads"], found["batch_size"]) == ("small", 1, 48)
    assert (found["loss"], found["optimizer"]) == ("cross_entropy", "adam")
    assert list(found["machine"]) == ["processor", "cores", "system", "peak_gflops"]
    assert list(found["machine"]["peak_gflops"]) == ["1"]
    assert {"xonet", "Python", "numpy", "numba"} == set(found["versions"])
    assert list(found["training"]) == ["pictures_per_second", "of_peak", "against"]
    assert list(found["inference"]) == ["pictures", "pictures_per_second", "of_peak", "against"]
    assert found["inference"]["pictures"] == 256
    assert 0 < found["latency"]["median_seconds"] <= found["latency"]["percentile_99_seconds"]
    assert found["latency"]["in_groups_only"] == []
    assert found["memory"]["of"] == "training"
    if sys.platform == "linux":
        assert abs(found["memory"]["predicted_bytes"] / found["memory"]["measured_bytes"] - 1) < 0.15
    assert found["turns"] == 6


def test_layers(quick, capsys):
    layers = figures(capsys, "plain.yaml")["layers"]
    assert all(list(layer) == LAYER for layer in layers)
    words = "input conv2d relu max_pool2d dense loss optimizer".split()
    assert [layer["layer"] for layer in layers] == words
    assert [layer["place"] for layer in layers] == ["", *(f"layers.{n}" for n in range(4)), "", ""]
    assert [layer["layer"] for layer in layers if layer["in_passing"]] == ["relu"]
    assert abs(sum(layer["share"] for layer in layers) - 1) < 1e-6
    # forward, and the gradient of the weights; of the input's, the second has one, too
    assert [layer["multiply_adds"] for layer in layers if layer["multiply_adds"]] == [
        32 * 2 * 4 * 9 * 7 * 7,
        32 * 3 * 3 * 36,
    ]


def test_without_training(quick, capsys):
    found = figures(capsys, "plain.yaml")
    assert (found["loss"], found["optimizer"], found["batch_size"]) == ("squared_error", "sgd", 32)
    assert found["memory"]["of"] == "inference"
    frozen = figures(capsys, "plain.yaml", *(part for n in (0, 3) for part in (
        "--set", f"layers.{n}.{'conv2d' if n == 0 else 'dense'}.trainable=false")))  # fmt: skip
    assert frozen["training"] is None


def test_text(quick, capsys):
    grouped, pool = "{conv2d: {features: 4, kernel_size: 1, groups: 2}}", "{max_pool2d"
    text = (quick / "plain.yaml").read_text().replace(pool, f"{grouped}, {pool}")
    (quick / "grouped.yaml").write_text(text)
    assert main(["bench", "grouped.yaml", "--threads", "1"]) == 0
    machine, *rest = capsys.readouterr().out.splitlines()
    assert "GFLOP/s on one thread" in machine and "numba" in machine
    text = "\n".join(rest)
    for part in (
        "fused",
        "optimizer",
        "training, pictures/s",
        "one picture, µs",
        "memory of inference: ",
        "one picture takes as long as sixteen: layers.2 (conv2d)",
    ):
        assert part in text
    assert "\x1b" not in text


@needs("torch")
def test_against_torch(quick, capsys):
    found = figures(capsys, "small.yaml", "--against", "torch", "--threads", "1")
    assert "torch" in found["versions"]
    for part in ("training", "inference", "latency"):
        theirs = found[part]["against"]["torch"]
        assert theirs["ratio"] > 0 and theirs["way"].startswith("channels ")
    assert main(["bench", "plain.yaml", "--against", "torch"]) == 0
    assert "its time / ours" in capsys.readouterr().out


@needs("torch")
def test_no_compiler_is_told_once(quick, capsys):
    assert main(["bench", "plain.yaml", "--against", "torch", "--json"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "torch.compile" in line]
    assert told == [
        "xonet: torch goes without torch.compile, which needs a C++ compiler: there is no no-compiler-here (see CXX)"
    ]


ROWS = "xonet: 1\ninput: {features: 4}\nlayers: [{dense: {units: 3}}, relu, {dense: {units: 2}}]\n"


COMPILED = f"""
import xonet
from xonet.bench.peers import torch as peer
from xonet.bench.task import Task
network = xonet.loads({ROWS!r})
task = Task.of(network)
runners = peer.training(task, 1)
runners["compiled"](3)
for number in range(10):  # more of one code than PyTorch keeps
    assert peer.compiled(lambda x: x + number)(peer.torch.zeros(3))[0] == number
print(*runners, *peer.inference(network, task.data(1)[0], 2), sep="; ")
"""


@needs("torch")
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
def test_compiled():
    # a process of its own: PyTorch asks for its compiler once
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, cwd=ROOT, check=True)
    ways = "rows; compiled; rows, one thread; rows, 2 threads; compiled, one thread; compiled, 2 threads"
    assert (done.stdout.strip(), done.stderr) == (ways, "")


@needs("torch")
def test_what_cannot_be_compiled_is_told(capsys, monkeypatch):
    from xonet.bench.peers import _compiled

    _peer.left_out.cache_clear()
    monkeypatch.setenv("CXX", sys.executable)
    monkeypatch.setattr(_compiled, "SECONDS", 0.05)
    assert _compiled.where_it_can(lambda: lambda times: time.sleep(20)) == {}
    assert _compiled.where_it_can(lambda: lambda times: 1 / 0) == {}
    assert capsys.readouterr().err.splitlines() == [
        "xonet: torch goes without torch.compile here: it was not ready after 0 s",
        "xonet: torch goes without torch.compile here: division by zero",
    ]
    assert _compiled.where_it_can(lambda: lambda times: None).keys() == {"compiled"}
    time.sleep(0.1)  # a signal that nobody took back would end this


@needs("jax")
def test_against_jax(quick, capsys):
    found = figures(capsys, "small.yaml", "--against", "jax", "--threads", "2")
    assert "jax" in found["versions"]
    assert found["training"]["against"]["jax"]["way"] in ("one loop", "step by step")
    for part in ("inference", "latency"):
        theirs = found[part]["against"]["jax"]
        assert theirs["ratio"] > 0 and theirs["way"] == "2 threads"
    assert main(["bench", "plain.yaml", "--against", "jax", "--threads", "1"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[-1]) == ("", "xonet: jax already runs with 2 threads here, which is for good")


@needs("jax")
def test_jax_steps_are_the_same_either_way():
    from xonet.bench.peers import jax as peer

    task = Task.of(xonet.loads(ROWS))
    for runner in peer.training(task, 2).values():
        runner(1)
        runner(3)


@needs("onnxruntime", "onnx", "torch")
def test_against_onnxruntime(quick, capsys):
    found = figures(capsys, "small.yaml", "--against", "onnxruntime", "--against", "torch")
    assert list(found["inference"]["against"]) == list(found["latency"]["against"]) == ["onnxruntime", "torch"]
    assert list(found["training"]["against"]) == ["torch"]


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_that_is_not_installed(quick, capsys, monkeypatch, peer):
    monkeypatch.setattr("xonet.bench.peers._peer.find_spec", lambda name: None)
    assert main(["bench", "plain.yaml", "--against", peer]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"xonet: --against {peer} needs {peer}")
    assert err.endswith("pip install 'xonet[bench]'\n")


@needs("torch")
def test_a_layer_that_a_peer_has_not(quick, capsys, monkeypatch):
    from xonet.bench.peers import twin

    monkeypatch.setattr(twin, "find_spec", lambda name: None if name.endswith(".max_pool2d") else find_spec(name))
    assert main(["bench", "plain.yaml", "--against", "torch"]) == 2
    out, err = capsys.readouterr()  # where kernels had to be compiled, a line before says so
    said = "xonet: torch cannot run this network: the layer max_pool2d has no counterpart there yet"
    assert out == "" and err.splitlines()[-1] == said


@needs("torch")
@pytest.mark.parametrize(("word", "noun"), [("squared_error", "loss"), ("sgd", "optimizer")])
def test_a_loss_or_an_optimizer_that_a_peer_has_not(word, noun, quick, capsys, monkeypatch):
    from xonet.bench.peers import twin

    monkeypatch.setattr(twin, "find_spec", lambda name: None if name.endswith(f".{word}") else find_spec(name))
    assert main(["bench", "plain.yaml", "--against", "torch"]) == 2
    out, err = capsys.readouterr()
    said = f"xonet: torch cannot train this network: the {noun} {word} has no counterpart there yet"
    assert out == "" and err.splitlines()[-1] == said


@needs("onnxruntime", "onnx", "torch")
def test_a_peer_that_computes_something_else(quick, capsys):
    pool = "layers.2={avg_pool2d: {window: 3, stride: 2, padding: 1}}"  # its divisors have no form in ONNX
    assert main(["bench", "plain.yaml", "--against", "onnxruntime", "--set", pool]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.splitlines()[-1].startswith("xonet: onnxruntime computes something different")


def test_usage(quick, capsys):
    for wrong in (["--against", "darknet"], ["--threads", "0"]):
        with pytest.raises(SystemExit) as left:
            main(["bench", "plain.yaml", *wrong])
        assert left.value.code == 2
    assert main(["bench", "none.yaml"]) == 2
    assert main(["bench", "plain.yaml", "--set", "layers.1=relo"]) == 1


def test_help_imports_no_numbers(folder):
    whole = [sys.executable, "-X", "importtime", *command("bench", "--help")[1:]]
    done = subprocess.run(whole, capture_output=True, text=True, cwd=folder, env=environment(), check=True)
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert not imported & {"numpy", "numba", "torch", "rich"}


def test_interrupted(folder):
    process = start("bench", "small.yaml", cwd=folder)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "xonet: interrupted" and "Traceback" not in err
