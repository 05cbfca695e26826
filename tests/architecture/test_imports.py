"""Imports go down: between the apps, and between the layers of one app."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["fde_portal.core", "fde_portal.accounts", "customers", "engagements"]

# A layer may import the layers before it. Modules that stand in no list are judged by their own name.
LAYERS = [
    {"permissions", "intake", "metrics", "environment", "charts", "cookies", "tokens"},
    {"models", "scoping"},
    {"selectors", "audit"},
    {"services", "records"},
    {"tasks"},
    {"forms", "access", "pages"},
    {"views", "api", "admin", "demo"},
    {"urls"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
ROOF = {"views", "api", "admin"}
NOBODY_IMPORTS = {"fde_portal.settings", "fde_portal.urls", "fde_portal.celery"}


def modules() -> list[Path]:
    roots = [ROOT / app.replace(".", "/") for app in APPS]
    return sorted(path for root in roots for path in root.rglob("*.py") if "migrations" not in path.parts)


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def app_of(name: str) -> str | None:
    return next((app for app in APPS if name == app or name.startswith(app + ".")), None)


def layer_of(name: str) -> str | None:
    parts = name.removeprefix(app_of(name) or "").strip(".").split(".")
    return parts[0] if parts[0] in RANK else None


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def top_level_imports(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield from imported(node)


@cache
def parsed() -> list[tuple[str, ast.Module]]:
    return [(dotted(path), ast.parse(path.read_text())) for path in modules()]


def test_apps_import_only_to_the_left() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, tree in parsed()
        for target in imported(tree)
        if (own := app_of(name)) and (other := app_of(target)) and APPS.index(other) > APPS.index(own)
        and layer_of(name) not in ROOF | {"urls"}
    ]
    assert wrong == []


def test_layers_import_only_downwards() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, tree in parsed()
        for target in top_level_imports(tree)
        if app_of(name) and app_of(name) == app_of(target)
        and (own := layer_of(name)) and (other := layer_of(target)) and RANK[other] > RANK[own]
        and not (own == "services" and other == "tasks")  # services enqueue; a task imports its service inside
    ]
    assert wrong == []


def test_only_urls_import_the_roof() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, tree in parsed()
        for target in imported(tree)
        if app_of(target) and layer_of(target) in {"views", "api"} and layer_of(name) not in ROOF | {"urls"}
    ]
    assert wrong == []


def test_settings_urls_and_celery_are_imported_by_nobody() -> None:
    wrong = [f"{name} imports {target}" for name, tree in parsed() for target in imported(tree) if target in NOBODY_IMPORTS]
    assert wrong == []


def test_the_arithmetic_knows_no_framework_no_clock_and_no_settings() -> None:
    allowed = sys.stdlib_module_names | {"pyroaring", "pyxirr", "engagements"}
    for name, tree in parsed():
        if not name.startswith("engagements.metrics"):
            continue
        for target in imported(tree):
            assert target.split(".")[0] in allowed, f"{name} imports {target}"
            assert not target.startswith("engagements.") or target.startswith("engagements.metrics"), f"{name} imports {target}"
        clocks = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"now", "today", "utcnow"}]
        assert clocks == [], f"{name} reads the clock"


def test_imports_inside_functions_give_their_reason() -> None:
    wrong = []
    for path in modules():
        lines = path.read_text().splitlines()
        for function in [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)]:
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom | ast.Import) and path.name not in {"tasks.py", "apps.py"}:
                    reason = "#" in lines[node.lineno - 1] or "#" in lines[node.lineno - 2]
                    wrong += [] if reason else [f"{dotted(path)}:{node.lineno}"]
    assert wrong == []


@pytest.mark.parametrize("wrong", ["engagements.utils", "customers.helpers", "fde_portal.core.utils"])
def test_no_module_is_called_by_what_it_is_not(wrong: str) -> None:
    assert not (ROOT / (wrong.replace(".", "/") + ".py")).exists()
