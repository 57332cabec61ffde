"""What is being edited in one folder: the files as they are saved, and the steps on top of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults, merging, saving
from guidegraph.edit.alone import Alone
from guidegraph.edit.drafts import Log, Record
from guidegraph.edit.history import History
from guidegraph.edit.live import Live, Looked
from guidegraph.edit.looking import Checked, concerned
from guidegraph.edit.naming import known_after, known_in, namespace_of
from guidegraph.edit.planning import Planner
from guidegraph.edit.recovery import found_again, is_saved
from guidegraph.edit.serial import serially
from guidegraph.edit.state import (
    Signature,
    base_of,
    composed,
    read_again,
    revision_of,
    signature,
    texts_of,
)
from guidegraph.edit.steps import Step, records_of, step_data, subjects_of
from guidegraph.edit.words import sentence
from guidegraph.errors import GuidelineError, UsageError
from guidegraph.forms.known import Known
from guidegraph.forms.shapes import form, with_own
from guidegraph.read.ontology import ontology
from guidegraph.turtle.changes import Change
from guidegraph.workspace.stale import Conflict
from guidegraph.workspace.workspace import Draft, Workspace

if TYPE_CHECKING:
    from guidegraph.forms.form import Form
    from guidegraph.plan.plan import Plan
    from guidegraph.turtle.values import Value

R = TypeVar("R")

_LASTING = ("saved", "namespace")
"""What a step does not change."""


class Desk:
    """One open folder. ``findings`` tell of the draft that was found, ``base`` is what is saved."""

    def __init__(self, folder: Path, now: Callable[[], datetime], live: Live | None = None) -> None:
        """Open a folder and the draft that was kept; ``now`` tells the time.

        A ``UsageError`` where the folder cannot be read, or another editor has it open.
        """
        self.folder = folder
        self.lock = RLock()
        self.now = now
        seen = signature(folder)
        self.workspace = Workspace.open(folder)
        self.alone = Alone(folder)
        try:
            self.findings: tuple[Diagnostic, ...] = ()
            self.refused: tuple[Diagnostic, ...] = ()
            self._saving: dict[str, Any] | None = None
            self.conflicts: tuple[Conflict, ...] = ()
            self.choices: dict[tuple[str, str], merging.Choice] = {}
            self._live = live or Live(folder)
            self._planner = Planner(self._live)
            self._log = Log(folder)
            self._made: dict[object, object] = {}
            self._signature: Signature = seen
            self._underneath: Workspace | None = None
            self._begin(self.workspace, History())
            self._find()
        except BaseException:
            self.alone.release()
            raise

    @serially
    def close(self) -> None:
        """Let another editor open the folder; the draft stays."""
        self.alone.release()

    # ---- what is there -----------------------------------------------------------------------

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done since the last save."""
        return tuple(self._history.steps)

    @property
    def undone(self) -> tuple[Step, ...]:
        """What was undone, the next to be done again first."""
        return tuple(map(self._history.meant, reversed(self._history.undone)))

    @property
    def history(self) -> History:
        """What can be undone and done again, what is saved among it; to be looked at only."""
        return self._history

    @property
    @serially
    def draft(self) -> Draft:
        """All steps together."""
        changes = [one for each in self.steps for one in each.changes]
        return self._cached("draft", lambda: composed(self.workspace, self._result, changes))

    @property
    @serially
    def revision(self) -> str:
        """Another one after every step, undoing and saving."""
        return self._cached(
            "revision", lambda: revision_of(self.base, self.draft, self.steps, self.undone)
        )

    @property
    @serially
    def looked(self) -> Looked:
        """The draft, checked."""
        return self._cached("looked", lambda: self._live.look(dict(self.draft.texts)))

    @property
    @serially
    def saved_looked(self) -> Looked:
        """What is saved, checked."""
        if self.draft.is_empty:
            return self.looked
        return self._cached("saved", self._live.look)

    @property
    @serially
    def known(self) -> Known:
        """Everything that can be named."""
        return self._cached("known", lambda: known_in(self._result, self.looked))

    @serially
    def form(self, cls: str) -> Form:
        """What can be said about things of a class; shapes of the folder included."""
        sources = self.looked.sources
        shapes = self._cached("shapes", lambda: with_own(sources.ontology, sources.graph))
        own = shapes is not sources.ontology
        kept = self._made if own else self._forms
        if ("form", cls) not in kept:
            kept["form", cls] = form(shapes, cls)
        return kept["form", cls]  # type: ignore[return-value]

    @serially
    def describe(self, iri: str) -> dict[str, tuple[Value, ...]]:
        """All that is stated of a thing, as drafted."""
        return self._result.describe(iri)

    def plan(self, *, everywhere: bool = True) -> Plan | None:
        """Who gets something else; None where it cannot be run. For ``everywhere`` see ``Live``."""
        with self.lock:
            found = self.revision, self.saved_looked, self.looked
        return self._planner.plan(*found, everywhere=everywhere)

    @property
    def namespace(self) -> str:
        """With what the names of this guideline begin."""
        return self._cached("namespace", lambda: namespace_of(self.looked))

    # ---- changing ----------------------------------------------------------------------------

    @serially
    def check(self, changes: Iterable[Change]) -> Checked:
        """What these changes would mean; nothing is recorded."""
        made = tuple(changes)
        try:
            after = self._result.draft(made)
        except UsageError as refused:
            return Checked(refused.findings, refused=True)
        whole = composed(self.workspace, after.result, made)
        looked = self.looked if after.is_empty else self._live.look(dict(whole.texts))
        told = concerned(looked, self.looked, after.result, subjects_of(made))
        return Checked(told, refused=False)

    @serially
    def changes_anything(self, changes: Iterable[Change]) -> bool:
        """Whether some file would be another."""
        return not self._result.draft(changes).is_empty

    @serially
    def apply(self, changes: Iterable[Change], what: str = "") -> Step:
        """Do something; when this returns it is kept. A ``UsageError`` where it cannot be done."""
        made = tuple(changes)
        after = self._result.draft(made)
        if after.is_empty:
            told = "This changes nothing: it is so already."
            raise UsageError([faults.nothing(told, "Nothing has to be done.")])
        words = what or sentence(made, self._result, after.result)
        step = Step(self._history.next, made, words, self.now())
        return self._do(step, after.result)

    @serially
    def undo(self) -> Step:
        """Take the last step back.

        One that is saved is taken back by a new step (``is_back``); nothing is written before that
        is saved, too. A ``UsageError`` where there is none, or others changed the same since.
        """
        if self._history.is_at_saved:
            step = self._history.way_back(self.now())
            return self._do(step, self._result.draft(step.changes).result)
        self._keep({"undo": self._history.steps[-1].number})
        step = self._history.undo()
        self._changed(step)
        return step

    @serially
    def redo(self) -> Step:
        """Do again what was undone last."""
        history = self._history
        if not history.undone:
            raise UsageError([faults.nothing("There is nothing to do again.", "Go on editing.")])
        step = history.undone[-1]
        meant = history.meant(step)
        after = None if history.is_redo_back else self._result.draft(step.changes).result
        self._keep(records_of([step])[0] if history.is_redo_earlier else {"redo": step.number})
        history.redo(after)
        self._changed(step)
        return meant

    @serially
    def discard(self) -> None:
        """Forget all steps; the files stay as they are saved."""
        self._log.discard()
        self._begin(self._underneath or self.workspace, self._history.begun())

    # ---- saving ------------------------------------------------------------------------------

    @serially
    def save(self, who: str, why: str, branch: str = "") -> saving.Done:
        """Write all files; who did it and why is written down with them.

        ``Stale`` if others changed the same meanwhile: the draft is kept, and ``conflicts`` says
        what has to be settled.
        """
        return saving.save(self, who, why, branch)

    @serially
    def saved(self, workspace: Workspace) -> None:
        """Go on from the files that were saved: the draft is forgotten, but can be taken back."""
        after = self._history.after_saving(self.workspace)
        self._log.end()
        self._begin(workspace, after)
        self._signature = ()  # what others changed in between is noticed at the next look

    @serially
    def note(self, record: Record) -> None:
        """Write something down in the draft."""
        self._keep(record)
        self._saving = record.get("saving", self._saving)

    # ---- what changes underneath -------------------------------------------------------------

    @serially
    def refresh(self) -> bool:
        """Look whether others changed files; steps are made again on top where that is possible.

        True if what is shown is another now. What both sides changed is in ``conflicts``, why the
        steps cannot be made on the changed files (or these cannot be read) in ``refused``.
        """
        seen = signature(self.folder)
        if seen == self._signature:
            return False
        try:
            now = read_again(self.folder, self._underneath or self.workspace)
            moved = base_of(now) != self.base
            if moved:
                self._rebase(now)
            else:
                self.refused = ()
        except GuidelineError as stop:  # the desk goes on with what was read before
            self.refused, self._signature = stop.findings, ()
            return False
        self._signature = seen
        return moved

    @serially
    def settle(self, subject: str, predicate: str, choice: merging.Choice) -> bool:
        """Say whose value of a property holds; True once all is settled and the draft goes on."""
        met = {(each.subject, each.predicate) for each in self.conflicts}
        if (subject, predicate) not in met:
            told = "Nobody else changed this property."
            raise UsageError([faults.unknown(told, "Load the page again.")])
        self.choices[subject, predicate] = choice
        if met - self.choices.keys():
            return False
        now = self._underneath or self.workspace
        last, how = (self._history.next, self.now()), self.choices
        kept, results = merging.made(self.steps, self.draft, now, self.conflicts, how, last)
        self._go_on(now, kept, results)
        return True

    def _saved_after_all(self, now: Workspace) -> None:
        """A saving that was cut off has been finished: do what is left of it."""
        pending = self._saving or {}
        later = [each for each in self.steps if each.number > pending["last"]]
        done = saving.finish(self.folder, pending)
        self._log.end()
        self._begin(now, History())
        self._signature = ()
        if later:
            self._log.begin(texts_of(now))
            self._go_on(now, *merging.replayed(now, later))
        self.findings = (*self.findings, faults.saved_after_all(), *done.findings)

    def _rebase(self, now: Workspace) -> None:
        if self._saving and is_saved(self._saving, self.workspace, now):
            self._saved_after_all(now)
            return
        self.refused = ()
        theirs = base_of(now)
        names = {*self.base, *theirs}
        self._history.changed_by_others({e for e in names if self.base.get(e) != theirs.get(e)})
        self._underneath = now
        self.conflicts = merging.met(self.draft, now)
        both = {(each.subject, each.predicate) for each in self.conflicts}
        self.choices = {each: how for each, how in self.choices.items() if each in both}
        if not self.conflicts:
            try:
                self._go_on(now, *merging.replayed(now, self.steps))
            except UsageError as stop:
                self.refused = stop.findings
        self._made.clear()

    def _go_on(self, now: Workspace, steps: list[Step], results: list[Workspace]) -> None:
        """The same draft on other files."""
        if self._log.is_begun:
            self._log.begin(texts_of(now), records_of(steps))
        self._begin(now, self._history.on(steps, results))

    def _find(self) -> None:
        """Go on with the draft that was kept."""
        again = found_again(self.folder, self.workspace)
        if again is None:
            return
        self.findings = again.findings
        self._log = Log(self.folder, again.count)
        self._saving = again.saving
        now = self.workspace
        self._begin(again.base, again.history.found_again())
        self._saving = again.saving
        if any(each.is_back for each in again.history.steps):
            pending = ({"saving": again.saving},) if again.saving else ()
            self._log.begin(texts_of(again.base), (*records_of(self.steps), *pending))
        if again.is_saved:
            self._saved_after_all(now)
        elif again.base is not now:
            self._rebase(now)

    # ---- inside ------------------------------------------------------------------------------

    @property
    def _result(self) -> Workspace:
        return self._history.results[-1] if self._history.results else self.workspace

    def _begin(self, workspace: Workspace, history: History) -> None:
        """Go on with these files, and with what was done on them."""
        self.workspace, self._history = workspace, history
        self.base = base_of(workspace)
        self._underneath = None
        self.conflicts, self.choices, self.refused, self._saving = (), {}, (), None
        self._forms: dict[object, object] = {}
        self._made.clear()

    def _do(self, step: Step, after: Workspace) -> Step:
        self._keep({"step": step_data(step)})
        self._history.add(step, after)
        self._changed(step)
        return step

    def _changed(self, step: Step) -> None:
        """What was found out about the draft holds no longer; about what is saved it does."""
        kept = {name: each for name, each in self._made.items() if name in _LASTING}
        told = self._made.get("known")
        self._made.clear()
        self._made.update(kept)
        if isinstance(told, Known):
            again = known_after(told, self._result, step.subjects, ontology())
            if again is not None:
                self._made["known"] = again
        if self._underneath is not None:
            self._rebase(self._underneath)

    def _cached(self, name: str, make: Callable[[], R]) -> R:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]  # type: ignore[return-value]

    def _keep(self, record: Record) -> None:
        if not self._log.is_begun:
            self._log.begin(texts_of(self.workspace))
        self._log.add(record)
