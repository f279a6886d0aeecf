"""What changed between two networks, found and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from xonet.network.changes.entries import lists_of
from xonet.network.changes.matching import Matching, Pair
from xonet.network.changes.plain import Setting, differences, knobs_of
from xonet.network.costs import memory_bytes, picture_seen
from xonet.network.network import Network

NOT_COMPARED = frozenset({"xonet", "knobs", "defaults"})
"""Sections of a file that are no part of the network: the language's version, and what counts where it is used."""


@dataclass(frozen=True)
class EntryChange:
    """What happened to one entry of a list: a layer, a path of `branches`, or an augmentation."""

    kind: Literal["added", "removed", "moved", "changed"]
    word: str
    """What the file calls it: `conv2d`."""
    name: str | None
    """Its label, the new one where there is one."""
    old_place: str | None
    """Where it stands, as `--set` names it: `layers.3.residual.layers.0`; None for an added one."""
    new_place: str | None
    """None for a removed one."""
    written: dict[str, Any]
    """Of an added or removed one: its knobs, but for those at their default and the lists of layers it holds."""
    knobs: tuple[Setting, ...] = ()
    """Of a changed or moved one: what changed, each place counted from it (`features`, `init.normal.stddev`)."""

    @property
    def place(self) -> str:
        """Where it stands now, or stood last."""
        return self.new_place or self.old_place or ""

    @property
    def section(self) -> str:
        """The section of the file that it is in: `layers`, or `data` for an augmentation."""
        return self.place.partition(".")[0]


@dataclass(frozen=True)
class Totals:
    """What a whole network costs, and how far it sees."""

    parameters: int
    macs: int
    """Multiply-adds for one picture."""
    memory_bytes: int
    """One picture's values in every layer, and the parameters."""
    receptive_field: tuple[int, int] | None
    """Rows and columns that a value of the last picture sees, before a dense layer; None without pictures."""
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]


@dataclass(frozen=True)
class Changes:
    """All that changed from one network to another."""

    old: str
    """What the old network is called in messages: a file, with its revision where it has one."""
    new: str
    entries: tuple[EntryChange, ...]
    """In the order of the new file; what was removed stands at its old place."""
    settings: tuple[Setting, ...]
    """Every other knob, in the order of the language's sections."""
    before: Totals
    after: Totals

    @property
    def layers(self) -> tuple[EntryChange, ...]:
        """The layers among the entries."""
        return tuple(entry for entry in self.entries if entry.section == "layers")

    @property
    def augment(self) -> tuple[EntryChange, ...]:
        """The augmentations among the entries."""
        return tuple(entry for entry in self.entries if entry.section == "data")

    @property
    def none(self) -> bool:
        """Whether both are the same network."""
        return not self.entries and not self.settings


def compare(old: Network, new: Network, old_name: str = "old", new_name: str = "new") -> Changes:
    """What changed from `old` to `new`, and what they are called in messages."""
    settings = tuple(differences(old.document, new.document, without=NOT_COMPARED))
    lists = dict(lists_of(new.document))
    # A list that only one side has belongs to a section that came or went: that section is a setting.
    both = [(before, lists[place]) for place, before in lists_of(old.document) if place in lists]
    changes = (_entry_change(pair) for before, after in both for pair in Matching(before, after).pairs)
    entries = sorted((change for change in changes if change), key=_position)
    return Changes(old_name, new_name, tuple(entries), settings, _totals(old), _totals(new))


def _entry_change(pair: Pair) -> EntryChange | None:
    """What happened to the entry of a pair; None where nothing did, but perhaps to what it holds."""
    old, new = pair.old, pair.new
    entry = new or old
    assert entry is not None, "a pair has a side"
    places = old.place if old else None, new.place if new else None
    if old is None or new is None:
        knobs = knobs_of(entry.record, members=False) if entry.record else {}
        return EntryChange("removed" if old else "added", entry.word, entry.name, *places, knobs)
    changed = tuple(differences(old.record, new.record)) if old.record and new.record else ()
    if not changed and not pair.moved:
        return None
    return EntryChange("moved" if pair.moved else "changed", entry.word, entry.name, *places, {}, changed)


def _position(change: EntryChange) -> tuple[object, ...]:
    """Layers before augmentations, each by place; what was removed before what now stands there."""
    steps = tuple((0, int(step), "") if step.isdigit() else (1, 0, step) for step in change.place.split("."))
    return change.section != "layers", steps, change.new_place is not None


def _totals(network: Network) -> Totals:
    return Totals(
        network.parameters,
        network.macs,
        memory_bytes(network),
        picture_seen(network),
        tuple(network.shape),
        tuple(network.output_shape),
    )
