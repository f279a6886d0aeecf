"""Which folder a run writes to, so that no run destroys another; and which one it goes on from."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from xonet.arrays import read_about
from xonet.data import DataError
from xonet.folders import escapes, move, remove_empty
from xonet.language.words import counted
from xonet.training.claims import Claim, Claims, choosing, free, holder
from xonet.training.runs import (
    GOES_ON,
    NETWORK,
    Difference,
    Found,
    Run,
    RunFolder,
    age,
    base,
    listed,
    look,
    look_at,
    numbered,
)


@dataclass
class Place:
    """Where a run works, and where its results go when it is finished."""

    claim: Claim
    folder: RunFolder
    """Where it writes."""
    notes: list[str] = field(default_factory=list)

    @property
    def home(self) -> RunFolder:
        """Where its results are when it is finished."""
        return RunFolder(self.claim.path)

    def finish(self) -> None:
        """Bring the finished run's files home."""
        if self.folder != self.home:
            bring_home(self.home)


@dataclass
class Source:
    """A run to go on from."""

    found: Found
    place: Place | None
    """Where it goes on, if that is where it is; None where it needs a folder of its own."""
    note: str
    over: bool = False
    """Whether it is finished, so that there is nothing to go on with."""


def open_place(run: Run, out: str | None, overwrite: bool, claims: Claims) -> Place:
    """A folder for a run that begins, this process's until `claims` are closed.

    Raises:
        DataError: where `out` holds another run, and `overwrite` does not say that it may go.
        OSError: where it cannot be made.
    """
    first = Path(out) if out else base(run.name)
    _expect_inside(first if out else first.parent, out)
    if out or overwrite:
        return _named(run, first, overwrite, claims)
    with choosing(first.parent):
        homes = {path: _survey(path, claims) for path in numbered(first)}
        same = [found for found in homes.values() if found and _may_replace(found, run)]
        for home in sorted(same, key=age, reverse=True):
            if claim := claims.take(home.folder.path):
                notes = [f"{home.folder} holds an earlier run with the same settings and data: once this one is "
                         "finished, it is replaced"]  # fmt: skip
                return Place(claim, home.folder.inner, notes if home.folder.path != first else [])
        why = ""
        for number in count(1):
            path = first if number == 1 else first.with_name(f"{first.name}-{number}")
            found: Found | None = homes.get(path)
            claim = None
            if os.path.lexists(path) and (path.is_symlink() or not path.is_dir()):
                why = why or f"{path} is {'a link' if path.is_dir() else 'not a folder'}"
                continue
            if found is None and not _has_try(path) and (claim := claims.take(path)):
                return Place(claim, RunFolder(path), [f"{why}: this one goes to {path}/"] if why else [])
            if found is None or _same(found, run):
                found = look(RunFolder(path).inner) or found
            busy = not free(path)
            why = why or f"{path}/ " + (
                f"is being written by {holder(path)}" if busy or found is None else found.why_not(run)
            )
    raise AssertionError("every numbered folder is taken")


def find_source(run: Run, out: str | None, overwrite: bool, claims: Claims) -> Source:
    """The run that `--resume` goes on from.

    That is the newest unfinished one of the same settings; where there is none, a finished one that had fewer epochs;
    otherwise the newest unfinished one of the same network.

    Raises:
        DataError: where there is none.
    """
    first = Path(out) if out else base(run.name)
    _expect_inside(first if out else first.parent, out)
    wanted = run.settings.get("training", {}).get("epochs", 0)
    with choosing(first.parent):
        paths = [first] if out else [path for path in numbered(first) if not path.is_symlink()]
        busy = [path for path in paths if not free(path)]
        homes = {path: _survey(path, claims) for path in paths if path not in busy}
        every = [
            found
            for path in homes
            for folder in (RunFolder(path), RunFolder(path).inner)
            if (found := look_at(folder, folder.checkpoint, "checkpoint"))
        ]
        every = [found for found in every if out or found.run is None or found.run.name == run.name]
        known = [(found, found.run, _finished(found.folder)) for found in every if found.run]
        going_on = [
            (found, done)
            for found, there, done in known
            if found.epochs <= wanted and not _but(there.differences(run), GOES_ON)
        ]
        over = [home for home in homes.values() if home and home.finished and home.run == run]
        unfinished = [found for found, done in going_on if not done]
        # where just these settings have come to an end, an unfinished run of others is not what is asked for
        ours = [found for found in unfinished if _same(found, run)]
        newest = max((*ours, *over) if over else unfinished, key=age, default=None)
        if newest is None:
            longer = [found for found, done in going_on if done and found.epochs < wanted]
            elsewhere = [found for found, there, done in known if not done and not _in(there.differences(run), NETWORK)]
            newest = max(longer, key=age, default=None) or max(elsewhere, key=age, default=None)
        if newest is None:
            raise DataError(_no_source(run, first, busy, every, wanted, out))
        if newest in over:
            return Source(newest, None, f"{newest.folder} is finished: there is nothing to resume", over=True)
        note = f"resuming {newest.folder} after epoch {newest.epochs} of {wanted}"
        home = newest.folder.path.parent if newest.folder.path in [RunFolder(p).inner.path for p in paths] else None
        if newest not in unfinished and not out:
            return Source(newest, None, note)
        if home is None and newest in unfinished:
            claim = claims.take(newest.folder.path)
            return Source(newest, Place(claim, newest.folder) if claim else None, note)
        if home is None:
            # of a finished run that --out names: what it came to stays until there is more
            claim = claims.take(newest.folder.path)
            return Source(newest, Place(claim, newest.folder.inner) if claim else None, note)
        there = homes[home]
        if overwrite or there is None or (there.run is not None and not there.run.differences(run)):
            claim = claims.take(home)
            return Source(newest, Place(claim, newest.folder) if claim else None, note)
        return Source(newest, None, note)


def _expect_inside(folder: Path, out: str | None) -> None:
    """A link that came with somebody's repository does not decide where results go.

    Raises:
        DataError: where the folder of the run, or of all runs, leads out of the working folder.
    """
    if real := escapes(folder):
        name = "that folder itself" if out else "the folder of the results"
        raise DataError(f"{folder}/ is a link to {real}: name {name} with --out")


def bring_home(home: RunFolder) -> None:
    """Move a finished run's files from where it worked to where they belong; what was cut off goes on from here."""
    for there, here in zip(home.inner.files, home.files, strict=True):
        move(there, here)
    remove_empty(home.inner.path)


def _named(run: Run, path: Path, overwrite: bool, claims: Claims) -> Place:
    """The folder that is named, whatever its number."""
    claim = claims.take(path)
    if claim is None:
        raise DataError(f"{path}/ is being written by {holder(path)}: choose another folder with --out")
    home = RunFolder(path)
    found = _survey(path, claims, ours=True) or look(home.inner)
    if found is None:
        return Place(claim, home)
    if overwrite or (_may_replace(found, run) and not _has_try(path)):
        return Place(claim, home.inner)
    raise DataError(
        f"{path}/ {found.why_not(run)}: --overwrite replaces it once this run is finished, another --out keeps both"
    )


def _no_source(run: Run, first: Path, busy: list[Path], every: list[Found], wanted: int, out: str | None) -> str:
    """Why there is nothing to go on from."""
    if busy:
        return f"{busy[0]}/ is being written by {holder(busy[0])}: there is nothing else to resume"
    if not every:
        return f"{RunFolder(first).checkpoint}: no such checkpoint"
    newest = max(every, key=age)
    if newest.run is None:
        read_about(newest.folder.checkpoint, "checkpoint")  # which says what is wrong with it
        return f"{newest.folder} {newest.why_not(run)}: there is nothing to resume"
    different = _but(newest.run.differences(run), GOES_ON)
    if not different:
        had = counted(newest.epochs, "epoch")
        return f"{newest.folder} has had {had} already, and {wanted} are wanted: there is nothing left to do"
    kind = "of a different network" if _in(different, NETWORK) else "finished, and had different settings"
    why = f"{newest.folder} is {kind} ({listed(different)})"
    return f"{why}: there is nothing to resume; without --resume, a new run starts"


def _survey(path: Path, claims: Claims, ours: bool = False) -> Found | None:
    """What a folder holds, once a move that was cut off is done."""
    home = RunFolder(path)
    inner = look_at(home.inner, home.inner.model, "model")
    if inner and inner.finished:
        claim = None if ours else claims.take(path)
        try:
            if ours or claim:
                bring_home(home)
        finally:
            if claim:
                claim.close()
    return look(home)


def _finished(folder: RunFolder) -> bool:
    model = look_at(folder, folder.model, "model")
    return model is not None and model.finished


def _has_try(path: Path) -> bool:
    """Whether a run that was to replace what is here got somewhere, and did not end."""
    return look(RunFolder(path).inner) is not None


def _may_replace(found: Found, run: Run) -> bool:
    """Whether this is the very run, finished: it will come to the same; and no try to do it again was cut off."""
    return found.finished and _same(found, run) and not _has_try(found.folder.path)


def _same(found: Found, run: Run) -> bool:
    return found.run is not None and not found.run.differences(run)


def _but(differences: list[Difference], places: tuple[str, ...]) -> list[Difference]:
    return [one for one in differences if not one.place.startswith(places)]


def _in(differences: list[Difference], places: tuple[str, ...]) -> list[Difference]:
    return [one for one in differences if one.place.startswith(places)]
