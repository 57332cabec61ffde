"""Write the conformance vectors: ``cd tests && python -m conformance.make``.

What is expected comes from ``oracle`` or was written by hand, never from guidegraph.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance import normalising
from conformance.building import Suite
from conformance.oracle import Patient
from conformance.suites import suites

FOLDER = Path(__file__).parent
FORMAT = "guidegraph-conformance/1"


def content(suite: Suite) -> dict[str, Any]:
    """The file of a suite as a value."""
    vectors = []
    for number, (words, facts, settings) in enumerate(suite.patients, start=1):
        vector = {"id": f"{suite.name}-{number}", "about": words or "nothing is known"}
        vector |= {"facts": facts, "settings": settings}  # type: ignore[dict-item]
        vectors.append({**vector, "expect": Patient(suite.program, vector).expected()})
    told = {"format": FORMAT, "about": suite.about, "program": suite.program}
    return {**told, "vectors": vectors}


def text(value: dict[str, Any]) -> str:
    """A file: a line for each vector, so that a change is one line of a diff."""
    head = {"format": _line(value["format"]), "about": _line(value["about"])}
    head["program"] = _program(value["program"])
    lines = [f" {_line(key)}: {held}," for key, held in head.items()]
    vectors = ",\n".join(f"  {_line(each)}" for each in value["vectors"])
    return "\n".join(["{", *lines, ' "vectors": [', vectors, " ]", "}"]) + "\n"


def _program(program: dict[str, Any]) -> str:
    parts = []
    for key, held in program.items():
        if isinstance(held, list) and held:
            items = ",\n".join(f"   {_line(each)}" for each in held)
            parts.append(f"  {_line(key)}: [\n{items}\n  ]")
        else:
            parts.append(f"  {_line(key)}: {_line(held)}")
    return "{\n" + ",\n".join(parts) + "\n }"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def files() -> dict[str, str]:
    """Every file by its name."""
    decisions = {f"{each.name}.json": text(content(each)) for each in suites()}
    return decisions | {f"{name}.json": text(value) for name, value in normalising.contents()}


if __name__ == "__main__":
    for name, written in files().items():
        (FOLDER / name).write_text(written, encoding="utf-8")
