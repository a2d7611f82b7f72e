"""ES modules written as one: fewer files to fetch, and a page that holds everything itself.

The browser files are plain ES modules that run as they are. Fetched one by one, a module is asked
for only when the one that imports it has arrived; as one text they arrive at once. Each becomes a
function called once, so that names of one module are not seen by another. Only the forms our own
files use are understood; any other is an error here, and a test reads every file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

Read = Callable[[str], str]
"""Text of a module by its name, such as ``web/cells.js``."""

_IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[\w./-]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_LISTED: Final = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_AS: Final = re.compile(r"\s+as\s+")


@dataclass(frozen=True, kw_only=True)
class Module:
    """One file: what it imports (module → names as a pattern), its text, what it exports."""

    imports: dict[str, str]
    body: str
    exports: dict[str, str]


def joined(entries: Iterable[str], read: Read) -> tuple[str, dict[str, str]]:
    """Write the entries and all they import as one text without ``import`` and ``export``.

    Returns
    -------
    tuple
        The text, and the name under which each entry's exports stand in it.

    Raises
    ------
    ValueError
        A module uses a form of import or export not known here, or modules import one another.
    """
    modules = in_order(entries, read)
    local = {name: f"$m{number}" for number, name in enumerate(modules)}
    text = "".join(_as_function(name, module, local) for name, module in modules.items())
    return text, {name: local[name] for name in entries}


def in_order(entries: Iterable[str], read: Read) -> dict[str, Module]:
    """Return the modules behind the entries, each after those it imports; always the same."""
    placed: dict[str, Module] = {}

    def put(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"modules import one another: {' → '.join([*above, name])}")
        if name in placed:
            return
        module = _parsed(name, read(name))
        for needed in module.imports:
            put(needed, (*above, name))
        placed[name] = module

    for entry in entries:
        put(entry, ())
    return placed


def _parsed(name: str, source: str) -> Module:
    folder = posixpath.dirname(name)
    imports: dict[str, str] = {}
    for names, path in _IMPORT.findall(source):
        target = posixpath.normpath(posixpath.join(folder, path))
        imports[target] = ", ".join([imports[target], names] if target in imports else [names])
    exports = {one: one for one in _EXPORT.findall(source)}
    for names in _LISTED.findall(source):
        exports |= {_pair(one)[1]: _pair(one)[0] for one in names.split(",") if one.strip()}
    body = _EXPORT.sub("", _LISTED.sub("", _IMPORT.sub("", source)))
    if left := _LEFT.search(body):
        raise ValueError(f"{name}: this form is not understood: {left[0]}")
    return Module(imports=imports, body=body, exports=exports)


def _as_function(name: str, module: Module, local: dict[str, str]) -> str:
    taken = "".join(
        f"const {{ {_AS.sub(': ', names.strip())} }} = {local[target]};\n"
        for target, names in module.imports.items()
    )
    given = ", ".join(f"{name}: {own}" for name, own in module.exports.items())
    head = f"// {name}\nconst {local[name]} = (() => {{\n"
    return f"{head}{taken}{module.body}return {{ {given} }};\n}})();\n"


def _pair(named: str) -> tuple[str, str]:
    """Own name and name outside of ``own as outside``."""
    own, *outside = _AS.split(named.strip())
    return own, (outside or [own])[0]
