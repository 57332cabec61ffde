"""What was done since the last save, what was undone, and what of the saved can be taken back.

A step that is saved is taken back by a step of its own, which is a change like any other until it
is saved. Such steps stand before all others of a draft: only where there is nothing else to undo,
what is saved is gone through from its end. Doing again takes such a step out of the draft.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from guidegraph.edit import faults
from guidegraph.edit.inverses import inverse
from guidegraph.edit.steps import Step
from guidegraph.errors import UsageError
from guidegraph.turtle.changes import Change
from guidegraph.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Saved:
    """A step that is saved, the changes that take it back, and the files that it changed.

    It ``is_fixed`` once one of these files was changed by somebody else.
    """

    step: Step
    back: tuple[Change, ...]
    files: frozenset[str]
    is_fixed: bool = False


@dataclass(slots=True)
class History:
    """The steps on some files with the folder after each, what was undone, and what is saved.

    ``undone`` ends with what is to be done again first; a step in it that still is the last one of
    the draft is one that took something back.
    """

    steps: list[Step] = field(default_factory=list)
    results: list[Workspace] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    next: int = 1
    saved: tuple[Saved, ...] = ()
    earlier: int = 0
    """So many of what was undone were undone before the last save."""

    # ---- forth and back ----------------------------------------------------------------------

    def add(self, step: Step, result: Workspace) -> None:
        """Something new was done: what was undone is forgotten, unless it took something back."""
        self.undone = [*self.undone, step] if step.is_back else []
        self.earlier = min(self.earlier, len(self.undone))
        self.steps.append(step)
        self.results.append(result)
        self.next = max(self.next, step.number + 1)

    def undo(self) -> Step:
        """Take the last step out; it can be done again."""
        step = self._pop()
        self.undone.append(step)
        return step

    def redo(self, result: Workspace | None) -> Step:
        """Do the next one again (the folder is ``result`` then), or take out what took it back."""
        step = self.undone.pop()
        self.earlier = min(self.earlier, len(self.undone))
        if result is None:
            return self._pop()
        self.steps.append(step)
        self.results.append(result)
        return step

    def _pop(self) -> Step:
        self.results.pop()
        return self.steps.pop()

    @property
    def is_at_saved(self) -> bool:
        """Whether all that could be undone is saved."""
        return all(each.is_back for each in self.steps)

    @property
    def is_redo_back(self) -> bool:
        """Whether doing again means to leave out what took something back."""
        return bool(self.undone and self.steps) and self.undone[-1] is self.steps[-1]

    @property
    def is_redo_earlier(self) -> bool:
        """Whether what is done again was undone before the last save."""
        return 0 < len(self.undone) <= self.earlier

    @property
    def reachable(self) -> tuple[Saved, ...]:
        """What is saved and not taken back, the last at the end."""
        return self.saved[: max(0, len(self.saved) - sum(each.is_back for each in self.steps))]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo, saved or not."""
        return not self.is_at_saved or bool(self.reachable)

    def meant(self, step: Step) -> Step:
        """What is done again by a step that was undone: for one that took something back, this."""
        there = [number for number, each in enumerate(self.steps) if each is step]
        place = len(self.saved) - 1 - there[0] if there else -1
        return self.saved[place].step if 0 <= place < len(self.saved) else step

    def way_back(self, now: datetime) -> Step:
        """The step that takes back what was saved last; a ``UsageError`` where that cannot be."""
        if not self.reachable:
            raise UsageError([faults.nothing("There is nothing to undo.", "Go on editing.")])
        last = self.reachable[-1]
        if last.is_fixed:
            raise UsageError([faults.fixed(last.step.what, sorted(last.files))])
        what = f"Taken back after it was saved: {last.step.what}"
        return Step(self.next, last.back, what, now, is_back=True)

    # ---- saving ------------------------------------------------------------------------------

    def after_saving(self, base: Workspace) -> History:
        """The history on the files that were saved; ``base`` are those on which the steps began."""
        own = [
            (step, before, after)
            for step, before, after in zip(
                self.steps, [base, *self.results], self.results, strict=False
            )
            if not step.is_back
        ]
        more = (Saved(step, inverse(step.changes, b), _changed(b, a)) for step, b, a in own)
        count = len(self.undone)
        undone = [
            replace(self.meant(each), number=count - place, is_back=False)
            for place, each in enumerate(self.undone)
        ]
        saved = (*self.reachable, *more)
        return History(undone=undone, next=count + 1, saved=saved, earlier=count)

    def on(self, steps: Iterable[Step], results: Iterable[Workspace]) -> History:
        """The same steps on files that somebody else changed."""
        kept = list(steps)
        number = max([self.next, *(each.number + 1 for each in kept)])
        return History(kept, list(results), next=number, saved=self.saved)

    def begun(self) -> History:
        """No steps; what is saved can be taken back."""
        return History(saved=self.saved)

    def found_again(self) -> History:
        """The same after the editor was started anew: what takes back is a step like any other."""
        is_plain = not any(each.is_back for each in self.steps)
        steps = [replace(each, is_back=False) for each in self.steps]
        undone = self.undone if is_plain else []
        return History(steps, self.results, undone, self.next)

    def changed_by_others(self, files: Collection[str]) -> None:
        """Somebody else changed these files: what was saved in them stays."""
        self.saved = tuple(
            replace(each, is_fixed=each.is_fixed or not each.files.isdisjoint(files))
            for each in self.saved
        )


def _changed(before: Workspace, after: Workspace) -> frozenset[str]:
    there, now = before.documents, after.documents
    return frozenset(
        file
        for file in {**there, **now}
        if file not in there or file not in now or there[file].text != now[file].text
    )
