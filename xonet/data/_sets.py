"""The data of a network file: what it trains on, and what it is validated and tested on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from xonet.data import DataError, Dataset, DataSource, Look, Remark, Wanted
from xonet.data._blank import blank_notes
from xonet.data._split import check_shares, split, without_pictures
from xonet.data.share import Share
from xonet.diagnostics import Diagnostic, Note
from xonet.language.fields import Record
from xonet.language.shapes import ShapeError
from xonet.machine import memory

NAMES = ("train", "validation", "test")
EVERY = (*NAMES, "pictures")


class Section(Protocol):
    """What a file says of its data."""

    train: DataSource | None
    validation: DataSource | None
    test: DataSource | None
    pictures: DataSource | None


@dataclass
class Sets:
    """The sets that the file asks for, all with targets; None where it does not ask."""

    train: Dataset | None = None
    validation: Dataset | None = None
    test: Dataset | None = None
    notes: list[str] = field(default_factory=list)
    """Notes about them."""
    remarks: list[tuple[str, Remark]] = field(default_factory=list)
    """Those of the notes that `validate` tells too, each with the set that it is about."""

    def remark(self, role: str, remark: Remark | None) -> None:
        """Add it, if there is something to report."""
        if remark is not None and str(remark) not in self.notes:
            self.notes.append(str(remark))
            self.remarks.append((role, remark))


def wanted_for(data: Section, role: str, wanted: Wanted) -> Wanted:
    """What the source of a set is asked for: with a stream of its own where an earlier set has the same seed."""
    seeds = [(name, source.drawing_seed()) for name in NAMES if (source := getattr(data, name)) is not None]
    mine = dict(seeds).get(role)
    earlier = [seed for name, seed in seeds if NAMES.index(name) < NAMES.index(role)] if role in NAMES else []
    stream = NAMES.index(role) if mine is not None and mine in earlier else 0
    return replace(wanted, role=role, stream=stream)


def load_source(data: Section, role: str, wanted: Wanted) -> Dataset:
    """The data of one source of the file.

    Raises:
        DataError: where a file is missing, broken, or not what was expected; it has a finding at its place.
    """
    source: DataSource = getattr(data, role)
    try:
        loaded = source.load(wanted_for(data, role, wanted))
    except DataError as error:
        raise placed(error, source, role) from None
    except MemoryError:
        raise placed(DataError("the pictures do not fit into memory", help="use fewer"), source, role) from None
    if loaded.targets is None and role != "pictures" and not wanted.is_own_target:
        raise placed(
            DataError(f"expected pictures with labels, found {len(loaded)} without any", code="missing-labels"),
            source,
            role,
        )
    loaded.notes = [*loaded.notes, *blank_notes(loaded, f"data.{role}: ")]
    return loaded


def load_sets(data: Section, wanted: Wanted, seed: int, only: Sequence[str] = NAMES) -> Sets:
    """Load the sets named in `only`; a share is taken from the training data, by `seed`.

    The same picture in two sets is told. So beside a test the other sets are loaded too, if they can be.

    Raises:
        DataError: where a file is missing, broken, or not what was expected, and where pictures have no labels.
    """
    sets = Sets()
    sources = {name: getattr(data, name) for name in NAMES}
    shares = {name: source for name, source in sources.items() if isinstance(source, Share)}
    needed = {"train", *only} if not shares.keys().isdisjoint(only) else set(only)
    with _looked_at(data, wanted, seed, needed):
        for name, source in sources.items():
            if source is not None and name not in shares and name in needed:
                setattr(sets, name, load_source(data, name, wanted))
        if shares and sets.train is not None:
            _take_shares(sets, shares, seed)
    for name in NAMES:
        loaded: Dataset | None = getattr(sets, name)
        if loaded is not None and (name in only or name == "train"):
            sets.notes += [note for note in loaded.notes if note not in sets.notes]
            sets.remark(name, without_pictures(name, loaded, wanted.classes))
    _compare(sets, data, wanted)
    return sets


def load_pictures(data: Section, wanted: Wanted, seed: int) -> Dataset:
    """What a network without training is run on.

    Raises:
        DataError: as `load_sets` does.
    """
    with _looked_at(data, wanted, seed, {"pictures"}):
        return load_source(data, "pictures", wanted)


@contextmanager
def _looked_at(data: Section, wanted: Wanted, seed: int, loaded: Collection[str]) -> Iterator[None]:
    """Around the loading of sets: whatever is refused, `validate` refuses in the same words.

    A file is right as a whole, or refused: so where it is run, the sets that are not loaded are looked at. Where
    loading fails, a look at what is loaded says why: only what it does not see is told as reading has it.

    Raises:
        DataError: for what a look finds.
    """
    others = set(EVERY) - set(loaded)
    runs = loaded in ({*NAMES}, {"pictures"})  # `evaluate` takes what it needs
    if runs:
        _expect_sound(data, wanted, seed, but=loaded)
    try:
        yield
    except DataError:
        _expect_sound(data, wanted, seed, but=() if runs else others)
        raise


def _expect_sound(data: Section, wanted: Wanted, seed: int, but: Collection[str]) -> None:
    for role, found in look_sets(data, wanted, seed, but=but):
        if isinstance(found, DataError):
            raise placed(found, getattr(data, role), role) from None


def _take_shares(sets: Sets, shares: dict[str, Share], seed: int) -> None:
    assert sets.train is not None, "the caller has looked"
    try:
        parts = split(sets.train, {name: share.share for name, share in shares.items()}, seed)
    except DataError as error:
        last = next(reversed(shares))
        raise placed(error, shares[last], last) from None
    for name, part in parts.items():
        setattr(sets, name, part)


def _compare(sets: Sets, data: Section, wanted: Wanted) -> None:
    """Tell of pictures that are in two of the sets."""
    from xonet.data._twins import Twins

    for name in NAMES:
        source = getattr(data, name)
        if sets.test is not None and getattr(sets, name) is None and not isinstance(source, Share | None):
            with suppress(DataError):  # a test works without the other data, which may well be elsewhere
                setattr(sets, name, load_source(data, name, wanted))
    there = {name: loaded for name in NAMES if (loaded := getattr(sets, name)) is not None}
    if there:
        for remark in Twins(there).remarks(wanted.classes):
            sets.remark("test" if "data.test" in remark.message else "train", remark)


def look_sets(
    data: Section, wanted: Wanted, seed: int, sees_data: bool = True, but: Collection[str] = ()
) -> Iterator[tuple[str, Look | DataError]]:
    """What a look at each set of the file says: what is there, or what keeps it from being loaded.

    Neither NumPy nor Pillow is needed but for pictures of unusual formats. Without `sees_data` no file is looked at.
    Sets named in `but` are left out.
    """
    shares = {name: share for name in NAMES if isinstance(share := getattr(data, name), Share)}
    for role in EVERY:
        source: DataSource | None = getattr(data, role)
        if source is None or role in shares or role in but or (source.paths() and not sees_data):
            continue
        if role in NAMES and not (wanted.classes or wanted.labels or wanted.values or wanted.is_own_target):
            continue  # nobody says what is to be answered
        try:
            asked = wanted_for(data, role, wanted)
            source.check(asked)
            found = source.look(asked)
            _check_memory(found, wanted)
            yield role, found
        except ShapeError:
            continue  # the rule `data` says so
        except DataError as error:
            yield role, error
            continue
        if role == "train" and shares:
            try:
                check_shares(found, {name: share.share for name, share in shares.items()}, seed)
            except DataError as error:
                yield next(reversed(shares)), error


def _check_memory(look: Look, wanted: Wanted) -> None:
    """Refuse more pictures than this machine's memory could ever hold.

    Raises:
        DataError: where there are.
    """
    size = (look.count or 0) * wanted.shape.size + look.beside
    if size > memory():
        raise DataError(
            f"{look.count:,} pictures of {wanted.shape} bytes do not fit into the {memory() / 2**30:.1f} GiB of memory",
            code="too-many-pictures",
            knob="count",
            help="use fewer pictures, or smaller ones",
        )


def placed(error: DataError, source: Record, role: str) -> DataError:
    """The error with its finding at the source's knob, and with the set's name where it has no other."""
    if error.finding is None and source.node is not None:
        error.finding = finding(error, source, role)
    if error.args and not error.knob:
        error.args = (f"data.{role}: {error.args[0]}",)
    return error


def finding(error: DataError, source: Record, role: str) -> Diagnostic:
    """What `validate` and `run` say of an error, at its place in the network file."""
    return Diagnostic(
        error.code or "bad-data",
        str(error),
        source.span(error.knob or source.only_field),
        notes=(Note(error.note),) if error.note else (),
        help=error.help or "fix the data, or name other data",
    )
