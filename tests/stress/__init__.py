"""Many threads at once on shared models, and forks in between: right numbers, no hang, no crash.

A round makes new models, lets all threads call whatever a model can do, forks meanwhile, and then judges what was seen.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import random
import signal
import sys
import tempfile
import threading
import time
import traceback

from tests.stress.subjects import Wrong, subjects

ROUND = 3.0
"""Seconds for which threads call the same models."""
SWITCH = 1e-4
"""Seconds after which Python lets another thread on: in so little, more may come in between."""
LIMIT = 120
"""Seconds after which a round, its judgement or a child counts as hanging."""


class Crew:
    """Threads at work on some subjects, until `end` or the first failure."""

    def __init__(self, shared, threads, seed, folder):
        self.shared, self.folder, self.calls, self.failure = shared, folder, 0, None
        self.over = threading.Event()
        names = [f"{seed}/{number}" for number in range(threads)]
        self.threads = [threading.Thread(target=self._work, args=(name,), name=name) for name in names]

    def _work(self, name):
        draw = random.Random(name)
        calls = 0
        mine = [subject for subject in self.shared if name.endswith(subject.writer)] or self.shared
        try:
            while not self.over.is_set():
                draw.choice(mine).act(draw, name, self.folder)
                calls += 1
        except BaseException:
            self.failure = self.failure or f"thread {name}: {traceback.format_exc()}"
            self.over.set()
        self.calls += calls

    def run(self, seconds):
        """Forks meanwhile; gives how many."""
        forks, end = 0, time.monotonic() + seconds
        for thread in self.threads:
            thread.start()
        try:
            while not self.over.wait(0.05) and time.monotonic() < end:
                some = random.Random(forks).sample(self.shared, 2)
                for subject, seen in zip(some, forked(some), strict=True):
                    subject.traces[f"child {forks}"] = seen
                forks += 1
        finally:
            self.over.set()
            for thread in self.threads:
                thread.join()
        if self.failure:
            raise Wrong(self.failure)
        return forks


def watched(seconds):
    """End the process with the stacks of all threads, unless this is called again within so many seconds; 0 ends it."""
    faulthandler.register(signal.SIGALRM, chain=True)
    signal.alarm(seconds)


def forked(shared):
    """What a child sees of every subject: it predicts, trains a step and ends."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            watched(LIMIT // 2)
            found = pickle.dumps([subject.in_child() for subject in shared])
            with open(writer, "wb") as file:
                file.write(found)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with open(reader, "rb") as file:
        found = file.read()
    status = os.waitpid(child, 0)[1]
    if status:
        raise Wrong(f"a child ended with status {status}")
    return pickle.loads(found)


def spawned(pipe, shared):
    """The same in a process that begins anew, and gets copies."""
    pipe.send([subject.in_child() for subject in shared])


def stress(threads, seconds, seed, say=lambda text: None):
    """Rounds of calls; gives what was done.

    Raises:
        Wrong: at the first answer that is not right, or any exception.
    """
    done = {"rounds": 0, "calls": 0, "forks": 0, "steps": 0, "answers judged": 0}
    began = time.monotonic()
    sys.setswitchinterval(SWITCH)
    with tempfile.TemporaryDirectory() as folder:
        while (left := seconds - (time.monotonic() - began)) > 0 or not done["rounds"]:
            watched(0)
            shared = subjects(f"{seed}/{done['rounds']}")  # compiles what has to be, however long that takes
            watched(LIMIT)
            crew = Crew(shared, threads, f"{seed}/{done['rounds']}", folder)
            done["forks"] += crew.run(min(ROUND, max(left, 1)))
            if not done["rounds"]:
                spawn(shared)
            for subject in shared:
                watched(LIMIT)
                judged, steps = subject.judge()
                done["answers judged"] += judged
                done["steps"] += steps
            done["rounds"] += 1
            done["calls"] += crew.calls
            say(f"{time.monotonic() - began:4.0f} s: {done}")
    watched(0)
    return done


def spawn(shared):
    """One process of the other kind."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=spawned, args=(theirs, shared))
    process.start()
    theirs.close()
    for subject, seen in zip(shared, ours.recv(), strict=True):
        subject.traces["spawned"] = seen
    process.join()
    if process.exitcode:
        raise Wrong(f"a spawned process ended with status {process.exitcode}")
