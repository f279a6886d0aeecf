"""Models that threads share, each with what its answers must be."""

from __future__ import annotations

import copy
import hashlib
import os
import pickle
import random

import numpy as np

import xonet
from xonet import randomness
from xonet.engine.plan import Epoch, Recipe, State
from xonet.training.metrics import evaluate
from xonet.training.settings import Settings

TRAINING = "loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.02, momentum: 0.9}}, epochs: 1, batch_size: 16"
SMALL = f"""
xonet: 1
input: {{height: 6, width: 5}}
layers:
  - conv2d: {{features: 3, kernel_size: 2}}
  - batch_norm
  - relu
  - dropout: {{rate: 0.3}}
  - dense: {{units: 2}}
output: {{classes: [a, b]}}
training: {{{TRAINING}}}
"""
LARGE = f"""
xonet: 1
input: {{height: 16, width: 14, channels: 3}}
layers:
  - conv2d: {{features: 16, kernel_size: 3, padding: same}}
  - batch_norm
  - relu
  - residual: {{layers: [{{conv2d: {{features: 16, kernel_size: 3, padding: same}}}}, batch_norm]}}
  - depthwise_conv2d: {{kernel_size: 3, padding: same}}
  - batch_norm
  - relu6
  - conv2d: {{features: 32, kernel_size: 1}}
  - max_pool2d: {{window: 2}}
  - dropout: {{rate: 0.2}}
  - dense: {{units: 128}}
  - relu
  - dense: {{units: 3}}
output: {{classes: [a, b, c]}}
training: {{{TRAINING}}}
"""
"""A network whose kernels several threads share."""
MOST_STEPS = {"native": 400, "reference": 60}
"""Of a training whose every step is repeated afterwards."""


class Wrong(AssertionError):
    """An answer that is not what the parameters of any moment give."""


class Data:
    """Pictures and targets for a network."""

    def __init__(self, network):
        rng = np.random.default_rng(0)
        self.raw = rng.integers(0, 256, (530, *network.shape), np.uint8)
        self.x = rng.standard_normal((40, *network.shape), np.float32)
        self.y = np.arange(40) % network.outputs


def digest(*arrays):
    """Of the arrays' bytes."""
    return hashlib.blake2b(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays), digest_size=8).digest()


def bits(model):
    """All parameters, and one picture's scores by them."""
    return digest(*model.parameters.values(), model.predict(model.data.raw[:1]))


def gradients(model):
    """Loss and gradients of a batch."""
    loss, found = model.gradients(model.data.x, model.data.y)
    return digest(np.float64(loss), *found.values())


def evaluated(model):
    """What `evaluate` measures."""
    meter = evaluate(model, model.dataset((model.data.x, model.data.y)), 2 + model.network.outputs)
    return digest(meter.losses, meter.confusion)


def saved(model, folder, name):
    """A file of the model's, read again."""
    path = os.path.join(folder, name)
    model.save(path)
    again = type(model).load(path, engine=model._kind, threads=2)
    again.data = model.data
    return bits(again)


# every one gives a digest; those of "bits" are of a copy, whose parameters and scores must belong together
ANSWERS = {
    "one": lambda model: digest(model.predict(model.data.x[:1])),
    "raw one": lambda model: digest(model.predict(model.data.raw[:1])),
    "few": lambda model: digest(model.predict(model.data.x[:3])),
    "many": lambda model: digest(model.predict(model.data.x)),
    "hundreds": lambda model: digest(model.predict(model.data.raw)),
    "outputs": lambda model: digest(*(array for _, array in model.outputs(model.data.x[:2]))),
    "gradients": gradients,
    "evaluate": evaluated,
    "bits": bits,
}
COPIES = {
    "pickled": lambda model, *_: bits(pickle.loads(pickle.dumps(model))),
    "deepcopied": lambda model, *_: bits(copy.deepcopy(model)),
    "saved": saved,
}
QUICK = ("one", "raw one", "few")


class Subject:
    """A shared model; `act` is one call by some thread, which leaves what it saw in its own trace."""

    writer = "nobody"
    """How the name of the one thread ends that writes to it, and works on nothing else."""

    def __init__(self, network, engine):
        self.model = model_of(network, engine)
        self.name = f"{type(self).__name__} {engine} {network.outputs}"
        self.traces = {}

    def ask(self, draw, name, folder):
        """One question, any of them."""
        what = draw.choice([*QUICK, *ANSWERS, *COPIES])
        if what in QUICK:
            for _ in range(draw.choice((1, 30))):
                self.see(name, what, ANSWERS[what](self.model))
        elif what in ANSWERS and what != "bits":
            self.see(name, what, ANSWERS[what](self.model))
        else:
            what = "pickled" if what == "bits" else what
            file = draw.choice(("shared", name.replace("/", "_"))) + self.name
            if what == "saved" and "shared" in file:  # others write it, too: older or newer
                name = f"{name} {self.name} {id(draw)} {draw.random()}"
            self.see(name, "bits", COPIES[what](self.model, folder, file))

    def see(self, name, what, found):
        """Note an answer."""
        self.traces.setdefault(name, []).append((what, found))

    def act(self, draw, name, folder):
        """One call."""
        self.ask(draw, name, folder)

    def change(self):
        """What a child does to its own model."""
        self.model.fit((self.model.data.x[:16], self.model.data.y[:16]), epochs=1)

    def in_child(self):
        """The trace of a process that has this model to itself."""
        before = [(what, ANSWERS[what](self.model)) for what in (*QUICK, "many", "gradients", "bits")]
        self.change()
        consistent(self.model, "raw one", "many")
        return before

    def judge(self):
        """Raise `Wrong` for any wrong answer; gives (answers, steps)."""
        raise NotImplementedError


class Still(Subject):
    """Nobody changes it: the same bits each time."""

    def __init__(self, *about):
        super().__init__(*about)
        fresh = model_of(self.model.network, self.model._kind)
        self.expected = {what: answer(fresh) for what, answer in ANSWERS.items()}

    def see(self, name, what, found):
        """Compared at once."""
        if found != self.expected[what]:
            raise Wrong(f"{self.name}: {what} is other than before, seen by {name}")
        super().see(name, what, found)

    def judge(self):
        """Children's answers, too."""
        seen = [pair for trace in self.traces.values() for pair in trace]
        for what, found in seen:
            if found != self.expected[what]:
                raise Wrong(f"{self.name}: {what} is other in another process")
        return len(seen), 0


class Trained(Subject):
    """Several threads train it: every answer is that of some step, and no thread sees an older one after a newer."""

    def act(self, draw, name, folder):
        """Train, or ask."""
        model = self.model
        course = model.course
        if draw.random() < 0.3 and (course is None or course.steps < MOST_STEPS[model._kind]):
            some = slice(0, len(model.data.x))
            validation = draw.choice((None, (model.data.x[:5], model.data.y[:5])))
            model.fit((model.data.x[some], model.data.y[some]), validation, epochs=draw.choice((1, 2)))
            self.see(name, "state", digest(model.plan.copied()))
        else:
            self.ask(draw, name, folder)

    def judge(self):
        """Repeat the training step by step."""
        wanted = {pair for trace in self.traces.values() for pair in trace}
        kinds = {what for what, _ in wanted}
        places, steps = {}, 0
        fresh = model_of(self.model.network, self.model._kind)
        total = self.model.course.epochs if self.model.course else 0
        for steps, _ in enumerate(steps_of(fresh, total)):
            answers = {**ANSWERS, "state": lambda model: digest(model.plan.copied())}
            for what in kinds:
                pair = what, answers[what](fresh)
                if pair in wanted:
                    places.setdefault(pair, []).append(steps)
        if digest(fresh.plan.copied()) != digest(self.model.plan.copied()):
            raise Wrong(f"{self.name}: {total} epochs, one after the other, come to something else")
        for name, trace in self.traces.items():
            last = 0
            for what, found in trace:
                if (what, found) not in places:
                    raise Wrong(f"{self.name}: {what}, seen by {name} after step {last}, is that of no step")
                later = [place for place in places[what, found] if place >= last]
                if not later:
                    raise Wrong(f"{self.name}: {what} of step {places[what, found]} seen by {name} after step {last}")
                last = later[0]
        return sum(map(len, self.traces.values())), steps


class Written(Subject):
    """One thread writes all its parameters, others ask: every answer is that of one of the values written."""

    writer = "/0"

    def __init__(self, *about):
        super().__init__(*about)
        fresh = model_of(self.model.network, self.model._kind)
        self.states = [{name: array.copy() for name, array in fresh.parameters.items()}]
        for _ in range(2):
            fresh.fit((fresh.data.x, fresh.data.y), epochs=1)
            self.states.append({name: array.copy() for name, array in fresh.parameters.items()})
        self.expected = []
        for state in self.states:
            fresh.parameters.update(state)
            self.expected.append({what: answer(fresh) for what, answer in ANSWERS.items()})

    def act(self, draw, name, folder):
        """Write and read back, or ask."""
        if not name.endswith(self.writer):
            self.ask(draw, name, folder)
            return
        number = draw.randrange(len(self.states))
        self.model.parameters.update(self.states[number])
        for what in draw.sample(sorted(ANSWERS), 3):
            if ANSWERS[what](self.model) != self.expected[number][what]:
                raise Wrong(f"{self.name}: {what} after a write is not by what was written")

    def judge(self):
        """All answers."""
        right = {pair for expected in self.expected for pair in expected.items()}
        seen = [pair for trace in self.traces.values() for pair in trace]
        for what, found in seen:
            if (what, found) not in right:
                raise Wrong(f"{self.name}: {what} is by none of what was written")
        return len(seen), 0


class Viewed(Subject):
    """One thread writes through the arrays, which waits for nobody: it sees what it wrote."""

    writer = "/1"

    def act(self, draw, name, folder):
        """Write and read back, or ask what then comes, which is not looked at."""
        model = self.model
        if not name.endswith(self.writer):
            ANSWERS[draw.choice(sorted(ANSWERS))](model)
            return
        array = draw.choice(list(model.parameters.values()))
        for _ in range(3):
            array *= np.float32(draw.uniform(0.9, 1.1))
            consistent(model, draw.choice((*QUICK, "many", "gradients")))

    def judge(self):
        """It is what its parameters are."""
        consistent(self.model)
        return 1, 0

    def in_child(self):
        """The parameters may be amid a write: only that it works."""
        for what in QUICK:
            ANSWERS[what](self.model)
        self.change()
        consistent(self.model, "raw one", "many")
        return []


class Free(Viewed):
    """Anybody does anything to it."""

    writer = "nobody"

    def act(self, draw, name, folder):
        """One call of any kind."""
        model, data = self.model, self.model.data
        what = draw.choice(("fit", "restart", "update", "set", "batch", "ask", "copy"))
        count, size = draw.randrange(17, 41), draw.choice((8, 16, 40))
        if what in ("fit", "restart"):
            model.fit((data.x[:count], data.y[:count]), epochs=draw.choice((1, 3)), restart=what == "restart")
        elif what == "batch":
            optimizer = draw.choice(({"adam": {"learning_rate": 0.001}}, {"sgd": {"learning_rate": 0.01}}))
            model.fit((data.raw[:count], data.y[:count]), epochs=1, batch_size=size, optimizer=optimizer)
        elif what == "update":
            model.parameters.update(model.parameters.copy())
        elif what == "set":
            parameter = draw.choice(list(model.parameters))
            model.parameters[parameter] = np.clip(model.parameters[parameter], -1, 1)
        elif what == "copy":
            other = draw.choice((copy.deepcopy, copy.copy))(model)
            other.fit((data.x[:count], data.y[:count]), epochs=1)
            consistent(other)
        else:
            ANSWERS[draw.choice(sorted(ANSWERS))](model)


def model_of(network, engine):
    """A new model; the same each time."""
    model = xonet.Model(network, seed=1, engine=engine, threads=2)
    model.data = Data(network)
    return model


def consistent(model, *what):
    """A model answers as a new one does that is given its parameters."""
    found = {question: ANSWERS[question](model) for question in what or ANSWERS}
    fresh = model_of(model.network, model._kind)
    fresh.parameters.update({name: array.copy() for name, array in model.parameters.items()})
    for question, answer in found.items():
        if ANSWERS[question](fresh) != answer:
            raise Wrong(f"{question} is not by the parameters that are there")


def steps_of(model, epochs):
    """Train as `fit` does on all of a model's data, and give control before the first step and after each."""
    settings, data = Settings.of(model.network), model.data
    recipe = Recipe(settings.loss, settings.batch_size, model.seed, settings.optimizer)
    state, size = State.new(settings.optimizer, model.plan.places), settings.batch_size
    step = 0
    yield
    for epoch in range(epochs):
        order = randomness.permutation(model.seed, epoch, len(data.x))
        for first in range(0, len(order), size):
            rates = np.array([settings.optimizer.learning_rate], np.float32)
            batch = order[first : first + size]
            model.engine.train(recipe, state, Epoch(data.x, data.y, batch, rates, step))
            step += 1
            yield


def subjects(seed):
    """A model of every kind, and some of the reference engine's; which, depends on the seed."""
    draw = random.Random(seed)
    networks = [xonet.loads(text) for text in (SMALL, LARGE)]
    kinds = (Still, Trained, Written, Viewed, Free)
    found = [kind(draw.choice(networks), "native") for kind in kinds]
    return found + [kind(networks[0], "reference") for kind in draw.sample((Still, Trained, Written, Free), 2)]
