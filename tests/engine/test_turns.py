"""Calls on one model from any threads, signal handlers, and forked children; copies, and training that goes on."""

from __future__ import annotations

import copy
import itertools
import os
import pickle
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

import xonet
from xonet.arrays import write_arrays
from xonet.engine import runner
from xonet.engine.plan import Epoch, Recipe, State
from xonet.training import LossIsNaN, saving
from xonet.training.settings import Settings
from xonet.turns import Turn

TEXT = """
xonet: 1
input: {height: 6, width: 5}
layers:
  - conv2d: {features: 3, kernel_size: 2}
  - batch_norm
  - relu
  - dropout: {rate: 0.3}
  - dense: {units: 2}
output: {classes: [a, b]}
training: {loss: cross_entropy, optimizer: {adam: {learning_rate: 0.01}}, epochs: 5, batch_size: 16}
"""
X = np.random.default_rng(0).normal(size=(80, 6, 5, 1)).astype(np.float32)
Y = np.arange(80) % 2
ENGINES = pytest.mark.parametrize("engine", ["native", "reference"])


def build(engine="native", **options):
    return xonet.Model(xonet.loads(TEXT), seed=1, engine=engine, **options)


def bits(model):
    return b"".join(array.tobytes() for array in model.parameters.values())


SCRIPT = f"""
import os, signal, sys, threading, time
import numpy as np, xonet
from concurrent.futures import ThreadPoolExecutor
model = xonet.Model(xonet.loads('''{TEXT}'''), seed=1, threads=2)
rng = np.random.default_rng(0)
x, y = rng.normal(size=(80, 6, 5, 1)).astype(np.float32), np.arange(80) % 2
expected = {{n: model.predict(x[:n]) for n in (1, 3, 40)}}
loss, gradients = model.gradients(x, y)
def same():
    ok = all((model.predict(x[:n]) == scores).all() for n, scores in expected.items())
    found, again = model.gradients(x, y)
    return ok and found == loss and all((again[k] == g).all() for k, g in gradients.items())
"""
THREADS = """
with ThreadPoolExecutor(6) as pool:
    assert all(pool.map(lambda _: all(same() for _ in range(20)), range(6)))
    list(pool.map(lambda _: model.fit((x, y), epochs=20), range(4)))
assert model.course.epochs == 80
"""
FORKS = """
end = threading.Event()
def work():
    while not end.is_set():
        same()
        other.fit((x, y), epochs=3)
other = xonet.Model(xonet.loads(model.network.text), seed=1, threads=2)
threads = [threading.Thread(target=work) for _ in range(3)]
[t.start() for t in threads]
for _ in range(15):
    child = os.fork()
    if not child:
        signal.alarm(20)
        good = same() and np.isfinite(other.predict(x)).all()
        other.fit((x, y), epochs=1)
        os._exit(0 if good else 1)
    assert os.waitpid(child, 0)[1] == 0
    time.sleep(0.01)
end.set()
[t.join() for t in threads]
"""
SIGNALS = """
found = []
def handle(*_):
    found.append(same())
    signal.setitimer(signal.ITIMER_REAL, 0.0003)
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0003)
end = time.monotonic() + 3
while time.monotonic() < end:
    assert same()
signal.signal(signal.SIGALRM, signal.SIG_IGN)  # before the timer ends: a handler on its way would start it again
signal.setitimer(signal.ITIMER_REAL, 0)
assert len(found) > 50 and all(found), len(found)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@pytest.mark.parametrize("what", [THREADS, FORKS, SIGNALS], ids=["threads", "forks", "signals"])
def test_any_thread_at_any_time(what):
    subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT + what], check=True, timeout=100)


@ENGINES
def test_a_fit_goes_on_where_the_last_one_ended(engine):
    whole, parts = build(engine), build(engine)
    whole.fit((X, Y), epochs=10)
    parts.fit((X, Y), epochs=5)
    parts = pickle.loads(pickle.dumps(parts))
    parts.fit((X, Y), epochs=5)
    assert bits(whole) == bits(parts) and parts.course.epochs == 10


def test_what_goes_on_and_what_begins_anew():
    model, again = build(), build()
    model.fit((X, Y), epochs=2)
    again.parameters.update(model.parameters.copy())
    model.fit((X, Y), epochs=2, restart=True)
    again.fit((X, Y), epochs=2)
    assert bits(model) == bits(again) and model.course.epochs == 2
    model.fit((X[:40], Y[:40]), epochs=1, batch_size=10, optimizer={"sgd": {"learning_rate": 0.1}})
    assert (model.course.epochs, model.course.steps, model.course.updates) == (3, 14, 4)


def test_no_training_within_a_call():
    model = build()

    def nested(*_):
        model.predict(X[:1])
        model.fit((X, Y))

    from xonet.training import Trainer

    trainer = Trainer(model, model.dataset((X, Y)), None, Settings.of(model.network), on_epoch=nested)
    with pytest.raises(RuntimeError, match="this model is busy"):
        trainer.run()


@ENGINES
@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_is_a_model_of_its_own(engine, make):
    model = build(engine)
    model.fit((X, Y), epochs=1)
    other, before = make(model), model.predict(X)
    assert (other.predict(X) == before).all() and other.course.epochs == 1
    other.fit((X, Y), epochs=1)
    assert (model.predict(X) == before).all() and bits(other) != bits(model)


def test_what_is_saved_is_of_one_moment(tmp_path, monkeypatch):
    """And what is written to the model meanwhile changes nothing in the file."""
    model = build()
    before = bits(model)

    def write(path, kind, arrays, about):
        model.parameters["layers.4.bias"][...] += 1
        return write_arrays(path, kind, arrays, about)

    monkeypatch.setattr(saving, "write_arrays", write)
    model.save(tmp_path / "model")
    assert bits(xonet.Model.load(tmp_path / "model")) == before != bits(model)


def test_the_next_call_goes_on_at_the_pace_of_the_last(monkeypatch):
    """So a short `fit` is one stretch of compiled code."""
    ticks = itertools.count()
    monkeypatch.setattr(runner, "time", SimpleNamespace(perf_counter=lambda: next(ticks) * 1e-6))
    monkeypatch.setattr(runner, "FIRST", 1)
    model, seen = build(), []
    given = an_epoch(model)
    for _ in range(2):
        model.engine.train(*given, seen.append)
    assert seen == [1, 5, 5]


def an_epoch(model):
    settings = Settings.of(model.network)
    state = State.new(settings.optimizer, model.plan.places)
    recipe = Recipe(settings.loss, settings.batch_size, 0, settings.optimizer)
    return recipe, state, Epoch(X, Y, np.arange(80), np.full(5, 0.01, np.float32))


def test_an_exception_crosses_processes():
    error = pickle.loads(pickle.dumps(LossIsNaN(3, 7)))
    assert (error.epoch, error.step) == (3, 7)


def test_parameters_are_set():
    model = build()
    model.parameters["layers.4.bias"] = np.array([1, 2])
    assert list(model.parameters["layers.4.bias"]) == [1, 2]
    with pytest.raises(ValueError, match=r"an array of shape \(2,\) is needed, not \(3,\)"):
        model.parameters["layers.4.bias"] = [1, 2, 3]
    with pytest.raises(ValueError, match="beyond float32"):
        model.parameters["layers.4.bias"] = [1, 1e39]
    with pytest.raises(KeyError, match="did you mean"):
        model.parameters["layers.4.bas"] = [1, 2]
    with pytest.raises(TypeError, match="none can be removed"):
        del model.parameters["layers.4.bias"]
    assert list(model.parameters["layers.4.bias"]) == [1, 2]


@pytest.mark.parametrize("threads", [-1, 0, 1.5, "2", True, 10**9])
def test_wrong_threads(threads):
    with pytest.raises(ValueError, match="threads must be a whole number from 1 to"):
        build(threads=threads)


def test_a_wrong_engine():
    with pytest.raises(ValueError, match="did you mean 'reference'"):
        build("refrence")
    with pytest.raises(TypeError, match="a network is needed"):
        xonet.Model("net.yaml")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_fork_comes_before_a_change_or_after_it():
    turns, amid, over = [Turn() for _ in range(8)], [False] * 8, threading.Event()

    def work(number):
        amid[number] = True
        time.sleep(0.002)
        amid[number] = False

    def write(number):
        while not over.is_set():
            turns[number].take(turns[number].change, work, number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(30):
            child = os.fork()
            if not child:
                os._exit(sum(amid))
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        over.set()
        for thread in threads:
            thread.join()
