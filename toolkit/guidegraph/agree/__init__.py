"""Differential testing: every target really runs, and must say what the reference says.

A new way to run a target is a module here with an ``Executor`` and a line in ``EXECUTORS``.
"""

from __future__ import annotations

from guidegraph.agree.base import Executor, RunError, Runner, Statuses, WirePatient
from guidegraph.agree.compare import How, agree
from guidegraph.agree.cql import CqlExecutor, ElmExecutor
from guidegraph.agree.dmn import DmnExecutor
from guidegraph.agree.duckdb import DuckDBExecutor
from guidegraph.agree.javascript import JavaScriptExecutor
from guidegraph.agree.json import JsonExecutor
from guidegraph.agree.python import PythonExecutor
from guidegraph.agree.report import Counterexample, Report
from guidegraph.agree.spark import SparkExecutor

EXECUTORS: tuple[Executor, ...] = (
    PythonExecutor(),
    JsonExecutor(),
    JavaScriptExecutor(),
    DuckDBExecutor(),
    CqlExecutor(),
    ElmExecutor(),
    SparkExecutor(),
    DmnExecutor(),
)

__all__ = [
    "EXECUTORS",
    "Counterexample",
    "Executor",
    "How",
    "Report",
    "RunError",
    "Runner",
    "Statuses",
    "WirePatient",
    "agree",
]
