"""What the scripts of the pages ask for: each call is a step, and is answered when it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults, things
from guidegraph.edit.desk import Desk
from guidegraph.edit.discussion import discuss
from guidegraph.edit.looking import about
from guidegraph.edit.places import inside_of, place, put
from guidegraph.edit.references import references
from guidegraph.edit.refusals import finding_data, refusal
from guidegraph.edit.steps import Step
from guidegraph.edit.typed import MARKS, Reader, full, shown
from guidegraph.edit.words import named
from guidegraph.errors import GuidelineError, UsageError
from guidegraph.forms.data import value_data
from guidegraph.forms.known import called
from guidegraph.forms.reading import Habits
from guidegraph.plan.told import as_data
from guidegraph.terms import local_name
from guidegraph.turtle.changes import Put
from guidegraph.workspace.stale import Conflict, Stale

Body = Mapping[str, Any]
Told = dict[str, Any]
_UNREAD = "What was sent cannot be read."


class _StaleError(Exception):
    """A page that shows an older state."""


# ---- the calls -------------------------------------------------------------------------------


def _check(desk: Desk, body: Body) -> Told:
    """What a value would mean; nothing is recorded."""
    values, findings, change, text = _typed(desk, body)
    told = {"values": [value_data(each) for each in values], "shown": text}
    if findings or change is None:
        return {**told, "findings": list(findings)}
    checked = desk.check([change])
    return {**told, "findings": list(checked.findings), "refused": checked.refused}


def _put(desk: Desk, body: Body) -> Told:
    """The values of one property from now on."""
    values, findings, change, text = _typed(desk, body)
    if findings or change is None:
        raise UsageError(findings)
    told = {"values": [value_data(each) for each in values], "shown": text}
    if not desk.changes_anything([change]):
        return {**told, "step": None, "findings": _about(desk, [change.subject])}
    step = desk.apply([change], _text(body, "what"))
    return {**told, **_stepped(desk, step)}


def _create(desk: Desk, body: Body) -> Told:
    """A new thing."""
    typed = body.get("typed", {})
    if not isinstance(typed, dict):
        raise UsageError([faults.unreadable(_UNREAD, "Send `typed` as an object.")])
    after = full(_text(body, "after")) or None
    name = _text(body, "name")
    new = things.create(desk, _reader(desk, body), _need(body, "cls"), typed, name, after)
    told = _stepped(desk, desk.apply(new.changes))
    told["findings"] = [*new.missing, *told["findings"]]
    return {**told, "iri": new.iri, "address": _address(new.iri)}


def _rename(desk: Desk, body: Body) -> Told:
    """Another name for a thing."""
    old, new = full(_need(body, "old")), _need(body, "new")
    changes = things.rename(desk, old, new)
    step = desk.apply(changes)
    iri = step.subjects[-1]
    found = references(desk.workspace, changes)
    told = _stepped(desk, step)
    if found.left:
        told["findings"] = [faults.still_named(found.left, local_name(old)), *told["findings"]]
    also = [each.file for each in found.also]
    return {**told, "iri": iri, "address": _address(iri), "also": also}


def _retire(desk: Desk, body: Body) -> Told:
    """A thing that is withdrawn; its name stays and says why."""
    iri = full(_need(body, "iri"))
    replaced = _meant(desk, _text(body, "replacedBy").strip())
    changes = things.retire(desk, iri, _text(body, "why"), replaced)
    step = desk.apply(changes, f"{named(iri, desk.draft.result)}: withdrawn")
    left = things.mentioned_by(desk.draft.result, iri)
    return {**_stepped(desk, step), "mentionedBy": list(left)}


def _undo(desk: Desk, body: Body) -> Told:
    """Take the last step back."""
    return _stepped(desk, desk.undo())


def _redo(desk: Desk, body: Body) -> Told:
    """Do again what was undone."""
    return _stepped(desk, desk.redo())


def _discard(desk: Desk, body: Body) -> Told:
    """Forget all steps."""
    desk.discard()
    return {}


def _discuss(desk: Desk, body: Body) -> Told:
    """A comment, a vote or dissent."""
    where, kind = full(_need(body, "about")), _need(body, "kind")
    changes, iri = discuss(desk, _reader(desk, body), where, kind, body)
    return {**_stepped(desk, desk.apply(changes)), "iri": iri, "address": _address(iri)}


def _plan(desk: Desk, body: Body) -> Told:
    """Who gets something else."""
    plan = desk.plan()
    data = as_data(plan, "what is saved", {}) if plan is not None else None
    return {"data": data, "cases": data["cases"] if data else None}


def _save(desk: Desk, body: Body) -> Told:
    """Write the files, and commit them where they lie in a git repository."""
    who, why = _text(body, "who").strip(), _text(body, "why").strip()
    done = desk.save(who, why, _text(body, "branch").strip())
    return {
        "saved": list(done.files),
        "commit": done.commit,
        "branch": done.branch,
        "words": done.words,
        "findings": list(done.findings),
    }


def _settle(desk: Desk, body: Body) -> Told:
    """Whose value holds, where both sides changed it."""
    choice = _need(body, "choice")
    if choice not in ("yours", "theirs"):
        raise UsageError([faults.unreadable(_UNREAD, "Choose `yours` or `theirs`.")])
    subject, predicate = full(_need(body, "subject")), full(_need(body, "predicate"))
    how = desk.settle(subject, predicate, "yours" if choice == "yours" else "theirs")
    return {"settled": how}


CALLS: dict[str, Callable[[Desk, Body], Told]] = {
    "check": _check,
    "put": _put,
    "create": _create,
    "rename": _rename,
    "retire": _retire,
    "undo": _undo,
    "redo": _redo,
    "discard": _discard,
    "discuss": _discuss,
    "plan": _plan,
    "save": _save,
    "settle": _settle,
}


# ---- answering -------------------------------------------------------------------------------


def _route(name: str, call: Callable[[Desk, Body], Told]) -> Route:
    async def endpoint(request: Request) -> Response:
        data = await request.body()
        return await run_in_threadpool(_answered, request, call, data)

    return Route(f"/api/{name}", endpoint, methods=["POST"], name=f"api-{name}")


def _answered(request: Request, call: Callable[[Desk, Body], Told], data: bytes) -> Response:
    desk: Desk = request.app.state.desk
    with desk.lock:
        try:
            body = _body(data)
            desk.refresh()
            if body.get("revision") != desk.revision:
                raise _StaleError
            told = call(desk, body)
        except _StaleError:
            return refusal(request.scope, 409, (faults.outdated(),), _state(desk))
        except Stale as stale:
            more = {**_state(desk), "conflicts": conflicts(desk, desk.conflicts)}
            return refusal(request.scope, 409, stale.findings, more)
        except GuidelineError as refused:
            unread = any(each.code == "G102" for each in refused.findings)
            status = 400 if unread else 422
            return refusal(request.scope, status, refused.findings, _state(desk))
        findings = [finding_data(each) for each in told.pop("findings", ())]
        return JSONResponse({**_state(desk), **told, "findings": findings})


def _state(desk: Desk) -> Told:
    return {
        "revision": desk.revision,
        "undo": len(desk.steps),
        "canUndo": desk.history.can_undo,
        "redo": len(desk.undone),
        "conflicts": conflicts(desk, desk.conflicts),
    }


def conflicts(desk: Desk, found: tuple[Conflict, ...]) -> list[Told]:
    """What both sides changed, property by property, with what was chosen so far."""
    return [
        {
            "file": desk.workspace.file_of(each.subject) or desk.draft.result.file_of(each.subject),
            "subject": each.subject,
            "predicate": each.predicate,
            "base": [value_data(one) for one in each.base],
            "yours": [value_data(one) for one in each.ours],
            "theirs": [value_data(one) for one in each.theirs],
            "choice": desk.choices.get((each.subject, each.predicate)),
        }
        for each in found
    ]


def _body(data: bytes) -> Body:
    try:
        body = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise UsageError([faults.unreadable(_UNREAD, "Send one JSON object in UTF-8.")])
    return body


def _text(body: Body, name: str) -> str:
    found = body.get(name, "")
    if found is None:
        return ""
    if not isinstance(found, str):
        raise UsageError([faults.unreadable(f"`{name}` is no text.", "Send it as a text.")])
    return found


def _need(body: Body, name: str) -> str:
    found = _text(body, name)
    if not found:
        raise UsageError([faults.unreadable(f"`{name}` is missing.", "Send it as well.")])
    return found


def _reader(desk: Desk, body: Body) -> Reader:
    habits = body.get("habits") or {}
    mark = MARKS.get(str(habits.get("decimal", ""))) if isinstance(habits, dict) else None
    if mark is None:
        raise UsageError([faults.unreadable(_UNREAD, "`decimal` is `point` or `comma`.")])
    language = str(habits.get("language") or "en")
    return Reader(desk.known, Habits(mark=mark, language=language), desk.form)


def _typed(
    desk: Desk, body: Body
) -> tuple[tuple[Any, ...], tuple[Diagnostic, ...], Put | None, list[str]]:
    subject, predicate = full(_need(body, "subject")), full(_need(body, "predicate"))
    inside = inside_of(body.get("inside"))
    field, now = place(desk, subject, predicate, inside)
    values, findings = _reader(desk, body).values(field, body.get("typed", []), now)
    change = None if findings else put(desk, subject, predicate, inside, values)
    return values, findings, change, [shown(each, field, desk.known) for each in values]


def _stepped(desk: Desk, step: Step) -> Told:
    told = {"number": step.number, "what": step.what, "when": step.when.isoformat()}
    return {"step": {**told, "back": step.is_back}, "findings": _about(desk, step.subjects)}


def _about(desk: Desk, subjects: Any) -> list[Diagnostic]:
    after = desk.draft.result
    return [each for each in desk.looked.findings if about(each, after, subjects)]


def _meant(desk: Desk, typed: str) -> str:
    """The thing that is called so: by its IRI, its name in the files or its label."""
    iri = desk.known.full(typed)
    if not typed or iri is not None:
        return iri or ""
    found = called(desk.known.things, typed)
    if len(found) != 1:
        told = f"There is {'nothing' if not found else 'more than one thing'} called `{typed}`."
        raise UsageError([faults.unknown(told, "Choose it from the list.")])
    return found[0].iri


def _address(iri: str) -> str:
    from urllib.parse import quote

    return f"/thing?iri={quote(iri, safe='')}"


ROUTES = [_route(name, call) for name, call in CALLS.items()]
