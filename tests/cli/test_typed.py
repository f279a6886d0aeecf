"""What people type who know other tools is answered with what it is called here."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import environment
from xonet.cli import main
from xonet.diagnostics import InvalidNetwork
from xonet.network import loads


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("train small.yaml", "write xonet run small.yaml"),
        ("trian small.yaml --x 3", "write xonet run small.yaml"),
        ("resume small.yaml", "write xonet run small.yaml --resume"),
        ("fit", "write xonet run"),
        ("eval", "write xonet evaluate"),
        ("test a/small.yaml", "write xonet evaluate a/small.yaml"),
        ("check small.yaml", "write xonet validate small.yaml"),
        ("ls small.yaml", "write xonet catalogue"),
        ("help run", "write xonet run --help"),
        ("small.yaml --resume", "write xonet run small.yaml --resume"),
        ("export small.yaml", "use one of bench, cache, catalogue,"),
        ("x", "use one of bench, cache, catalogue,"),
        ("run small.yaml --epochs 3", "write --set training.epochs=3"),
        ("run --epochs 3 small.yaml", "write --set training.epochs=3"),
        ("run --lr small.yaml", "write --set training.optimizer.adam.learning_rate=VALUE"),
        (
            "run small.yaml --batch_size=8 --lr 0.1",
            "batch_size=8; write --set training.optimizer.adam.learning_rate=0.1",
        ),
        ("run gone.yaml --lr 0.1", "adam.learning_rate=0.1 where adam is the optimizer of your file"),
        (
            "run small.yaml --momentum 0.9",
            "adam, the optimizer of small.yaml, has no momentum: it is a knob of muon, rmsprop and sgd",
        ),
        (
            "run small.yaml --optimizer Adafactor",
            "no optimizer Adafactor: it is not available; `xonet catalogue` lists every optimizer",
        ),
        ("run small.yaml --optimizer SGD", "write --set 'training.optimizer={sgd: {learning_rate: "),
        ("run small.yaml --optimizer adam", "omit it: the file already has adam"),
        ("run small.yaml --loss mse", "write --set training.loss=squared_error"),
        ("run small.yaml --warmup 2", "write --set training.schedule.cosine.warmup_epochs=2"),
        ("run small.yaml --val-split 0.1", "write --set data.validation.share=0.1"),
        ("run small.yaml --shuffle", "write --set training.shuffle=true"),
        ("run small.yaml --gpu 0", "xonet runs on the CPU"),
        ("run small.yaml --device cpu", "xonet runs on the CPU"),
        ("run small.yaml --workers 4", "write --threads 4"),
        ("run small.yaml --from-checkpoint x", "write --resume"),
        ("run small.yaml --treads 3", "did you mean --threads?"),
        ("run small.yaml --weights w", "name the model file"),
        ("run small.yaml --dropout 0.1", "`xonet run --help` lists the options"),
        ("validate small.yaml --format json", "write --output-format json"),
        ("diff small.yaml small.yaml --json", "write --output-format json"),
        ("layers --weights w", "`xonet layers --help` lists the options"),
    ],
)
def test_a_word_of_other_tools(typed: str, hint: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(typed.split())
    said = capsys.readouterr().err
    assert left.value.code == 2 and hint in said
    assert said.endswith(f"{hint}\n") or not hint.startswith("write xonet"), "all that is said can be typed"


@pytest.mark.parametrize(
    "typed",
    ["--lr 0.1", "--optimizer sgd", "--loss L1Loss", "--schedule StepLR", "--patience 2", "--warmup 1", "--bs 8"],
)
def test_what_is_said_is_valid(typed: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["validate", "small.yaml", *typed.split()])
    _, _, said = capsys.readouterr().err.rstrip().partition("write ")
    assert main(["validate", "small.yaml", *shlex.split(said)]) == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Adam", "it is called adam here"),
        ("MSELoss", "write squared_error"),
        ("CrossEntropyLoss", "it is called cross_entropy here"),
        ("ReduceLROnPlateau", "it is called plateau here"),
        ("CosineAnnealingLR", "it is called cosine here"),
        ("RMSprop", "it is called rmsprop here"),
        ("NAdam", "there is no optimizer NAdam: write adam, or sgd with momentum and nesterov"),
        ("RAdam", "write adam, and warmup_epochs"),
        ("Adamax", "write adam"),
        ("LBFGS", "there is no optimizer LBFGS: it is not available; `xonet catalogue` lists every optimizer"),
        ("BCELoss", "write binary_cross_entropy; it takes scores"),
        ("GELU", "it is called gelu here"),
        ("swish", "it is called silu here"),
        ("SiLU", "it is called silu here"),
        ("hswish", "it is called hard_swish here"),
        ("BNLL", "it is called softplus here"),
        ("hardtan", "it is called hard_tanh here"),
        ("LogSoftmax", "it is called log_softmax here"),
        ("PReLU", "it is called prelu here"),
        ("ThresholdedReLU", "it is called thresholded_relu here"),
        ("Threshold", "write thresholded_relu: {alpha: 0.5}"),
        ("Clip", "write hard_tanh: {min_val: 0, max_val: 6}"),
        ("RReLU", "write leaky_relu or prelu"),
        ("Mul", "write scale: {factor: 2}"),
        ("Multiply", "write branches: {paths: [[...], []], merge: multiply}"),
        ("Maximum", "write branches: {paths: [[...], [...]], merge: max}"),
        ("SpatialDropout2D", "it is called spatial_dropout here"),
        ("GaussianNoise", "it is called gaussian_noise here"),
        ("StochasticDepth", "it is called stochastic_depth here"),
        ("DropConnect", "write stochastic_depth, if whole paths are dropped"),
        ("SEBlock", "it is called squeeze_excite here"),
        ("GLU", "write relu, leaky_relu, elu, gelu, silu or tanh"),
        ("LSTM", "there is no layer LSTM: it is not available; `xonet catalogue` lists every layer"),
        ("RandomVerticalFlip", "it is not available; there are cutout, flip_horizontal, noise and shift"),
        ("CIFAR10", "write images: {folder: my_pictures}"),
        ("training", "`xonet catalogue` lists all"),
    ],
)
def test_the_catalogue_knows_names_from_elsewhere(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", name]) == 2
    assert said in capsys.readouterr().err
    assert main(["layers", "cosine"]) == 0
    assert capsys.readouterr().out.startswith("schedule cosine")


def test_an_invalid_network_says_its_first_error() -> None:
    with pytest.raises(InvalidNetwork) as caught:
        loads("xonet: 1\ninput: {height: 4, width: 4}\nlayers:\n  - rleu\n  - dens: {units: 2}\n", "net.yaml")
    assert str(caught.value).startswith("net.yaml:4:5: there is no layer rleu (help: did you mean relu?); and 1 more")


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", ">&- 2>&- <&-", "2>/dev/full"])
@pytest.mark.parametrize("verb", ["layers", "schema", "validate small.yaml", "summary small.yaml", "--version"])
def test_streams_that_are_closed(verb, streams, folder) -> None:
    line = f"{sys.executable} -m xonet {verb} {streams}"
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("verb", ["layers", "schema", "validate small.yaml"])
def test_a_full_stdout_is_told(verb, folder) -> None:
    line = f"{sys.executable} -m xonet {verb} >/dev/full"
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "xonet: stdout: No space left on device\n")


DIGITS = "9" * 5000


@pytest.mark.parametrize("verb", ["run", "evaluate", "bench"])
@pytest.mark.parametrize(
    "threads", ["0", "-1", "257", "99999999999", DIGITS, "", "x", "two", "1.5", "1_0", "\u0663", "\u00b2"]
)
def test_threads_that_there_cannot_be(
    verb: str, threads: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([verb, "small.yaml", f"--threads={threads}"])
    said = capsys.readouterr().err.splitlines()[-1]
    assert left.value.code == 2 and "must be a whole number from 1 to 256, not " in said and len(said) < 200


@pytest.mark.parametrize("seed", ["-1", str(2**63), DIGITS, "", "x", "1.5", "1e3", "nan", "1_0", "\u0663", "[1]"])
def test_seeds_that_there_cannot_be(seed: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "small.yaml", f"--seed={seed}"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("--set:1:1") and "training.seed" in said and said.count("error[") == 1
    assert max(map(len, said.splitlines())) < 300 and not Path("runs").exists()


@pytest.mark.parametrize(
    "place",
    [
        *("", "=", "a", "=1", ".=1", f"layers.{DIGITS}=relu", f"layers.{DIGITS}.x=1", "layers.-1=relu"),
        *("layers.\u00b2=relu", "a." * 100_000 + "b=1", "." * 100_000 + "=1", "training.epochs=" + "[" * 5000),
        *("training..epochs=1", "\0=1"),
    ],
    ids=lambda place: place[:20],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["validate", "run", "summary", "predict", "evaluate"])
def test_places_that_there_cannot_be(verb: str, place: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "small.yaml", *["white.png"] * (verb == "predict"), "--set", place]) == 1
    said = capsys.readouterr()
    assert "--set:1:" in said.out + said.err and not Path("runs").exists()
