"""What each part of the code may touch. The import directions are contracts in pyproject.toml."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import calls, dotted, imported, modules

PURE = ("geodata/domain/", "geodata/spatial/", "geodata/analysis/")
CLOSED_PACKAGES = {"http", "requests", "socket", "ssl", "subprocess", "urllib", "urllib3"}
FILE_CALLS = (
    ".read_text",
    ".read_bytes",
    ".write_text",
    ".write_bytes",
    ".open",
    ".read_csv",
    ".read_parquet",
    ".read_file",
    ".scan_csv",
    ".scan_parquet",
    ".to_csv",
    ".to_file",
    ".to_parquet",
    ".write_csv",
    ".write_parquet",
    ".load",
    ".loadtxt",
)
CLOCK_CALLS = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.perf_counter",
    "Timestamp.now",
)

# the one module, or folder, that may import each package
OWNERS = {
    "h3": "geodata/spatial/cells.py",
    "polars_h3": "geodata/spatial/cells.py",
    "deltalake": "geodata/store/lake.py",
    "folium": "geodata/maps/",
    "branca": "geodata/maps/",
    "chinese_calendar": "geodata/domain/calendar.py",
    "fastexcel": "geodata/ingest/",
    "openpyxl": ("geodata/ingest/", "geodata/maps/"),
    "streamlit": "dashboard/",
    "xlsxwriter": "geodata/sheets/",
}

SOFT_LINES, HARD_LINES = 300, 400


def touches(tree: ast.AST) -> list[str]:
    """Files opened and clocks read in this file, with their lines."""
    return [
        f"line {line}: {name}"
        for line, name in calls(tree)
        if name == "open" or name.endswith(FILE_CALLS) or name.endswith(CLOCK_CALLS)
    ]


def clock_imports(tree: ast.AST) -> list[str]:
    """Clock functions taken out of `time` by name."""
    return [
        f"line {node.lineno}: from time import {alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
    ]


def test_domain_spatial_and_analysis_open_no_file_and_read_no_clock():
    found = {module.path: touches(module.tree) for module in modules(*PURE)}
    found = {path: lines for path, lines in found.items() if lines}
    assert not found, "pass the file's content, or today, as an argument"


def test_domain_spatial_and_analysis_reach_no_network_and_no_process():
    taken = {module.path: imported(module.tree) & CLOSED_PACKAGES for module in modules(*PURE)}
    assert not {path: names for path, names in taken.items() if names}
    by_name = {module.path: clock_imports(module.tree) for module in modules(*PURE)}
    assert not {path: lines for path, lines in by_name.items() if lines}


@pytest.mark.parametrize("package", OWNERS)
def test_each_hard_thing_has_one_owner(package):
    owner = OWNERS[package]
    strangers = [
        module.path
        for module in modules("geodata/", "dashboard/")
        if package in imported(module.tree) and not module.path.startswith(owner)
    ]
    assert not strangers, f"only {owner} imports {package}"


def test_only_the_access_module_caches():
    strangers = [
        f"{module.path}: {node.name}"
        for module in modules("dashboard/", "geodata/")
        if module.path != "dashboard/access.py"
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for decorator in node.decorator_list
        if ".cache_" in f".{dotted(decorator)}" and "cached_property" not in dotted(decorator)
    ]
    assert not strangers


def test_no_module_is_two_modules():
    lengths = {
        module.path: module.text.count("\n")
        for module in modules("geodata/", "dashboard/", "tests/")
    }
    long = {path: lines for path, lines in lengths.items() if lines > SOFT_LINES}
    for path, lines in long.items():
        print(f"{path} has {lines} lines: is it two ideas?")
    assert not {path: lines for path, lines in long.items() if lines > HARD_LINES}


def test_every_public_function_of_the_library_says_what_it_answers():
    silent = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in modules("geodata/")
        for node in public_definitions(module.tree)
        if not ast.get_docstring(node)
    ]
    assert not silent


def public_definitions(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes, and the public methods of those classes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    top = [node for node in tree.body if isinstance(node, kinds) and node.name[0] != "_"]
    classes = [node for node in top if isinstance(node, ast.ClassDef)]
    inside = [node for owner in classes for node in owner.body if isinstance(node, kinds)]
    return [*top, *(node for node in inside if node.name[0] != "_")]


# --- the rules themselves can fail ------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "open('x')",
        "Path('x').read_text()",
        "pl.read_csv('x')",
        "datetime.now(tz=UTC)",
        "datetime.date.today()",
        "time.time()",
    ],
)
def test_the_pure_rule_sees(line):
    assert touches(ast.parse(line))


def test_the_pure_rule_lets_arithmetic_pass():
    assert not touches(ast.parse("frame.group_by('x').agg(pl.len()); date(2026, 1, 1)"))


def test_the_owner_rule_sees_late_and_dotted_imports():
    tree = ast.parse("def late():\n    import h3.api\n    from folium.plugins import Draw\n")
    assert imported(tree) == {"h3", "folium"}
