"""Turns alternate, and figures are what they are called."""

from __future__ import annotations

import time

from xonet.bench.contest import Effort, Result, contest


def test_turns_alternate_and_slow_is_slow():
    order = []

    def sleeper(name, seconds):
        def run(times):
            order.append(name)
            time.sleep(times * seconds)

        return run

    runners = {"quick": sleeper("quick", 0.001), "slow": sleeper("slow", 0.004)}
    result = contest(runners, Effort(3, 0.02, 0.0, 1))
    # a turn is one time to warm up, and then the measured ones
    assert order[-12:] == ["quick", "quick", "slow", "slow"] * 3
    assert [len(turns) for turns in result.turns.values()] == [3, 3]
    assert 2 < result.ratio("slow", "quick") < 6
    assert result.fastest(["slow", "quick"]) == "quick"
    assert result.singles == {"quick": [], "slow": []}


def test_each_time_by_itself():
    result = contest({"one": lambda times: time.sleep(0.001 * times)}, Effort(2, 0.02, 0.0, 1), each=True)
    assert len(result.singles["one"]) >= 20
    assert min(result.singles["one"]) >= 0.001
    assert result.percentile("one", 0.0) <= result.seconds("one") <= result.percentile("one", 1.0)


def test_a_ratio_is_that_of_neighbours():
    result = Result({"ours": [1.0, 2.0, 4.0], "theirs": [3.0, 6.0, 4.0]}, {}, 0)
    assert result.ratio("theirs", "ours") == 3.0
    assert result.seconds("theirs") == 4.0
