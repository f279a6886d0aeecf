"""Which entry of an old list is which of a new one: aligned in order, then what moved is recognised.

Both directions find the same pairs: of two lists, the one whose text comes first is taken for the old one, and where it
is the new one, the pairs are turned round in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from xonet.network.changes.entries import Entry

ALONE = 1.0
"""What it costs to leave an entry without a partner."""
CHANGED = 0.5
"""What a pair costs at least whose knobs differ; at most ALONE more, so that it is still better than leaving both."""
NAMED = 0.01
"""What such a pair costs where both have the same label."""


@dataclass(frozen=True)
class Pair:
    """An entry before and after; None on one side for what was added or removed."""

    old: Entry | None
    new: Entry | None
    moved: bool = False


class Matching:
    """Matches two lists, and the lists in their entries; `pairs` holds every entry at any depth once."""

    def __init__(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        turned = [entry.signature for entry in old] > [entry.signature for entry in new]
        if turned:
            old, new = new, old
        self.pairs: list[Pair] = []
        self._removed: list[Entry] = []
        self._added: list[Entry] = []
        new_names = {entry.name: entry.word for root in new for entry in root.tree if entry.name}
        old_names = {entry.name: entry.word for root in old for entry in root.tree if entry.name}
        self._names = {name for name, word in old_names.items() if new_names.get(name) == word}
        """Labels that stand on both sides, for the same word: their entries are partners, wherever they are."""
        self._in_order(old, new)
        while self._by(lambda entry: entry.name):
            pass
        self._by(lambda entry: entry.signature)
        self.pairs += [Pair(entry, None) for entry in self._removed] + [Pair(None, entry) for entry in self._added]
        if turned:
            self.pairs = [Pair(pair.new, pair.old, pair.moved) for pair in self.pairs]

    def _in_order(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        """Pair what stands in both lists in the same order, and what that holds."""
        partners = align(old, new, self._names)
        for i, j in partners:
            self._pair(Pair(old[i], new[j]))
        paired_old, paired_new = {i for i, _ in partners}, {j for _, j in partners}
        self._removed += [inner for i, entry in enumerate(old) if i not in paired_old for inner in entry.tree]
        self._added += [inner for j, entry in enumerate(new) if j not in paired_new for inner in entry.tree]

    def _pair(self, pair: Pair) -> None:
        assert pair.old and pair.new, "both sides are there"
        self.pairs.append(pair)
        for inner_old, inner_new in zip(pair.old.lists, pair.new.lists, strict=True):
            self._in_order(inner_old, inner_new)

    def _by(self, label: Callable[[Entry], str | None]) -> bool:
        """Pair what was removed here and added there under the same label, large entries first; whether any was."""
        waiting: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
        for entry in sorted(self._added, key=lambda entry: -entry.size)[::-1]:
            waiting[entry.word, label(entry)].append(entry)
        gone: set[int] = set()
        found: list[Pair] = []
        for old in sorted(self._removed, key=lambda entry: -entry.size):
            candidates = waiting[old.word, label(old)]
            while id(old) not in gone and label(old) and candidates:
                new = candidates.pop()
                if id(new) not in gone:
                    gone.update(id(entry) for entry in (*old.tree, *new.tree))
                    found.append(Pair(old, new, moved=True))
        self._removed = [entry for entry in self._removed if id(entry) not in gone]
        self._added = [entry for entry in self._added if id(entry) not in gone]
        for pair in found:
            self._pair(pair)
        return bool(found)


def align(old: Sequence[Entry], new: Sequence[Entry], names: set[str]) -> list[tuple[int, int]]:
    """Index pairs, rising on both sides, that together cost least (Needleman and Wunsch 1970).

    Entries of one word may be partners, nearer ones sooner; those with a label in `names` only under the same label.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start].signature == new[start].signature:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end].signature == new[-1 - end].signature:
        end += 1
    inner = _cheapest(old[start : len(old) - end], new[start : len(new) - end], names)
    return [
        *((index, index) for index in range(start)),
        *((start + i, start + j) for i, j in inner),
        *((len(old) - back, len(new) - back) for back in range(end, 0, -1)),
    ]


def _cheapest(old: Sequence[Entry], new: Sequence[Entry], names: set[str]) -> list[tuple[int, int]]:
    known: dict[tuple[str, str], float] = {}
    table = [[j * ALONE for j in range(len(new) + 1)]]
    pair_costs: list[list[float]] = []
    for before in old:
        above, row, costs = table[-1], [table[-1][0] + ALONE], []
        for j, after in enumerate(new):
            key = (before.signature, after.signature)
            cost = known[key] if key in known else known.setdefault(key, _cost(before, after, names))
            costs.append(cost)
            row.append(min(above[j] + cost, above[j + 1] + ALONE, row[j] + ALONE))
        table.append(row)
        pair_costs.append(costs)
    pairs: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if table[i][j] == table[i - 1][j - 1] + pair_costs[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif table[i][j] == table[i - 1][j] + ALONE:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _cost(old: Entry, new: Entry, names: set[str]) -> float:
    if old.word != new.word:
        return inf
    if old.signature == new.signature:
        return 0.0
    if old.name == new.name and old.name in names:
        return NAMED
    if old.name in names or new.name in names:
        return inf
    shared = 2 * sum((old.facts & new.facts).values()) / max(1, sum((old.facts + new.facts).values()))
    return CHANGED + ALONE * (1 - shared)
