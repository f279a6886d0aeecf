"""Which entry of an old list is which of a new one: aligned in order, then what moved is recognised.

Both directions find the same pairs: of two lists, the one whose text comes first is taken for the old one, and where it
is the new one, the pairs are turned round in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
    """Matches two lists, and the lists in their entries; `pairs` holds every entry at any depth once.

    An entry with a label that stands on both sides has no partner but the one with that label. Any other is only
    compared with the list that its own list became, or, if it has no partner there, with equal ones anywhere.
    """

    def __init__(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        swapped = [entry.signature for entry in old] > [entry.signature for entry in new]
        if swapped:
            old, new = new, old
        every_old = [entry for root in old for entry in root.tree]
        every_new = [entry for root in new for entry in root.tree]
        old_named = {(entry.word, entry.name): entry for entry in every_old if entry.name}
        new_named = {(entry.word, entry.name): entry for entry in every_new if entry.name}
        labels = [label for label in old_named if label in new_named]
        self._names = {name for _, name in labels if name}
        """Labels that stand on both sides, for the same word: their entries are partners, wherever they are."""
        self._partners: dict[Entry, Entry] = {}
        """The partner of an entry of either side."""
        self._in_place: set[Entry] = set()
        """The old entries whose partner stands in the same list, in the same order; other pairs are of moved ones."""
        self._in_order(old, new)
        for label in labels:
            self._pair(old_named[label], new_named[label])
        self._equal(every_old, every_new)
        self.pairs = [Pair(one, self._partners.get(one), self._moved(one)) for one in every_old]
        self.pairs += [Pair(None, one) for one in every_new if one not in self._partners]
        if swapped:
            self.pairs = [Pair(pair.new, pair.old, pair.moved) for pair in self.pairs]

    def _moved(self, old: Entry) -> bool:
        return old in self._partners and old not in self._in_place

    def _in_order(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        """Pair what stands in both lists in the same order."""
        for i, j in align(old, new, self._names):
            self._in_place.add(old[i])
            self._pair(old[i], new[j])

    def _pair(self, old: Entry, new: Entry) -> None:
        """Pair two entries, and what they hold."""
        if self._partners.get(old) is new:
            return
        assert old not in self._partners and new not in self._partners, "an entry has one partner"
        self._partners[old], self._partners[new] = new, old
        for inner_old, inner_new in zip(old.lists, new.lists, strict=True):
            self._in_order(inner_old, inner_new)

    def _equal(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        """Pair equal entries that have no partner yet: large ones first, so that what they hold stays in them."""
        waiting: dict[str, list[Entry]] = defaultdict(list)
        for entry in reversed(new):
            waiting[entry.signature].append(entry)
        for entry in sorted(old, key=lambda entry: -entry.size):
            candidates = waiting[entry.signature]
            while entry not in self._partners and candidates:
                candidate = candidates.pop()
                if candidate not in self._partners:
                    self._pair(entry, candidate)


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
