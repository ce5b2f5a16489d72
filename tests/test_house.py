"""The house's own rules, read from the sources: sizes, doors, layers, names. A rule that is not run is a wish."""

import ast
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from statistics import mean

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("planner", "rooms", "attendees")
LONGEST_FUNCTION, MEAN_FUNCTION, MOST_PARAMETERS, DEEPEST = 40, 12, 6, 3
LONGEST_FILE, LONGEST_MODELS, LONGEST_VIEW = 300, 350, 15
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
NO_LAYER = re.compile(r"^\w+\.(settings|apps|migrations|templatetags|formats)(\.|$)")
# Doors without an actor, and why.
NOBODYS = {
    "attendees/services/badges.py series_for": "made when first asked for",
    "attendees/services/rounds.py first": "made when first asked for",
    "attendees/services/devices.py pair": "the one-time code speaks",
    "attendees/services/devices.py report_pending": "the device speaks of itself",
    "planner/services/people.py catch_up": "recomputes what the passing of days changed",
}
Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


class Source:
    """One Python file of the program and what the rules ask of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path.relative_to(ROOT))
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)

    def is_in(self, *folders: str) -> bool:
        """True for a module or package called one of `folders` directly below an app."""
        return Path(self.name).with_suffix("").parts[1:2] in [(folder,) for folder in folders]

    def functions(self) -> Iterator[Function]:
        """Every function, methods and inner ones included."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def doors(self) -> Iterator[Function]:
        """The functions other modules may call."""
        return (
            node for node in self.tree.body if isinstance(node, Function) and not node.name.startswith("_")
        )

    def at(self, node: ast.AST) -> str:
        """Where to look: file, line and name."""
        return f"{self.name}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}".strip()


def read() -> list[Source]:
    """The program without migrations and tests."""
    files = [ROOT / "manage.py", ROOT / "bootstrap.py"]
    for package in PACKAGES:
        files += [path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts]
    return [Source(path) for path in files]


SOURCES = read()
SERVICES = [source for source in SOURCES if source.is_in("services", "flow")]
EDGES = [source for source in SOURCES if source.is_in("views", "api")]
# Mail programs know no style sheets; everything a browser shows does.
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.parent.name != "mail")


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, the docstring left out: what explains is not what must be understood."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and len(function.body) > 1:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def parameters_of(function: Function) -> list[str]:
    """Names of the parameters that a caller thinks about: neither self nor `by`."""
    arguments = function.args
    names = [arg.arg for arg in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]]
    return [name for name in names if name not in ("self", "cls", "by")]


def depth_of(node: ast.AST, is_elif: bool = False) -> int:
    """How deep blocks stand in each other below `node`; `elif` is no deeper than its `if`."""
    below = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            continue
        chained = isinstance(node, ast.If) and [child] == node.orelse and isinstance(child, ast.If)
        below = max(below, depth_of(child, is_elif=chained))
    return below + (isinstance(node, BLOCKS) and not is_elif)


def is_write(node: ast.AST) -> bool:
    """True for a call such as `x.save(…)` or `X.objects.create(…)`; a service of that name says `by`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    is_service_or_route = any(keyword.arg in ("by", "response") for keyword in node.keywords)
    return node.func.attr in WRITES and not is_service_or_route


def is_atomic(function: Function) -> bool:
    """True under `@transaction.atomic`."""
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_functions_fit_on_a_screen() -> None:
    sizes = {source.at(f): lines_of(f) for source in SOURCES for f in source.functions()}

    assert {at: n for at, n in sizes.items() if n > LONGEST_FUNCTION} == {}
    assert mean(sizes.values()) <= MEAN_FUNCTION


def test_functions_take_few_parameters() -> None:
    counts = {source.at(f): len(parameters_of(f)) for source in SOURCES for f in source.functions()}

    assert {at: n for at, n in counts.items() if n > MOST_PARAMETERS} == {}


def test_blocks_stand_at_most_three_deep() -> None:
    depths = {source.at(f): max(map(depth_of, f.body)) for source in SOURCES for f in source.functions()}

    assert {at: n for at, n in depths.items() if n > DEEPEST} == {}


def test_files_stay_readable() -> None:
    too_long = {
        source.name: source.text.count("\n")
        for source in SOURCES
        if source.text.count("\n") > (LONGEST_MODELS if source.is_in("models") else LONGEST_FILE)
    }

    assert too_long == {}


def test_views_fetch_ask_and_render() -> None:
    views = {source.at(f): lines_of(f) for source in SOURCES if source.is_in("views") for f in source.doors()}

    assert {at: n for at, n in views.items() if n > LONGEST_VIEW} == {}


def test_whatever_opens_a_transaction_says_by_whom() -> None:
    """A door of a service or of the corridor that changes data has `by`, keyword-only; its parts run inside it."""
    doors = {f"{source.name} {f.name}": f for source in SERVICES for f in source.doors() if is_atomic(f)}

    nameless = {
        name for name, f in doors.items() if "by" not in {argument.arg for argument in f.args.kwonlyargs}
    }
    assert nameless == NOBODYS.keys()


def test_services_say_what_the_caller_gets() -> None:
    assert [source.at(f) for source in SERVICES for f in source.doors() if not ast.get_docstring(f)] == []


def test_saves_name_their_fields() -> None:
    unnamed = [
        source.at(node)
        for source in SERVICES
        for node in ast.walk(source.tree)
        if is_write(node) and node.func.attr == "save"
        if not {keyword.arg for keyword in node.keywords} & {"update_fields", "force_insert"}
    ]

    assert unnamed == []


def test_views_and_api_write_through_services_only() -> None:
    writes = [source.at(node) for source in EDGES for node in ast.walk(source.tree) if is_write(node)]

    assert writes == []


def test_models_hide_no_effects() -> None:
    models = [source for source in SOURCES if source.is_in("models")]
    overridden = [
        source.at(f) for source in models for f in source.functions() if f.name in ("save", "delete")
    ]
    signals = [
        source.name
        for source in SOURCES
        if re.search(r"\b(receiver|(pre|post)_(save|delete))\b", source.text)
    ]

    assert (overridden, signals) == ([], [])


def test_migrations_are_named() -> None:
    names = [path.name for package in PACKAGES for path in (ROOT / package / "migrations").glob("[0-9]*.py")]

    assert names != []
    assert [name for name in names if re.search(r"_auto_|_initial\.|_alter_|_custom", name)] == []


def test_what_is_named_by_a_dotted_string_exists() -> None:
    """Jobs, schedules, settings, models: a string that looks like a path into the program leads somewhere."""
    dotted = re.compile(rf"^({'|'.join(PACKAGES)})(\.\w+)+$")
    lost = [
        f"{source.at(node)} {node.value}"
        for source in SOURCES
        for node in strings(source.tree)
        if dotted.match(node.value) and not leads_somewhere(node.value)
    ]

    assert lost == []


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string but the names of loggers, which lead nowhere by nature."""
    loggers = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("getLogger")
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in loggers:
            yield node


def leads_somewhere(dotted: str) -> bool:
    """True for a module, something in a module, or a model."""
    for find in (import_module, import_string, apps.get_model):
        try:
            find(dotted)
        except (ImportError, LookupError, ValueError):
            continue
        return True
    return False


def test_every_module_has_its_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {name.strip(" ()") for layer in layers for name in re.split(r"[|:]", layer)}
    modules = [
        source.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for source in SOURCES
    ]

    homeless = [
        module
        for module in modules
        if "." in module and not NO_LAYER.match(module)
        if not any(module == name or module.startswith(f"{name}.") for name in named)
    ]

    assert homeless == []


def test_names_say_what_is_inside() -> None:
    vague = {"utils", "helpers", "manager", "managers", "data", "info", "misc", "common"}

    assert [source.name for source in SOURCES if source.path.stem in vague] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

    assert [source.name for source in SOURCES if later.search(source.text)] == []


def test_nothing_prints() -> None:
    """Commands write to their own streams, the program to its log."""
    prints = [
        source.at(node)
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert prints == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    """The content security policy refuses them; a browser says so in its console only."""
    text = path.read_text(encoding="utf-8")
    inline = re.findall(r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:""", text)
    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag and "json" not in tag]

    assert inline + scripts == []


def vendored() -> list[Path]:
    """The cards of everything that was copied from elsewhere."""
    folders = ("static/vendor", "planner/paper", "tests/browser/vendor")
    return sorted(card for folder in folders for card in (ROOT / folder).rglob("vendor.json"))


@pytest.mark.parametrize("card", vendored(), ids=lambda card: card.parent.name)
def test_vendored_files_are_what_their_makers_published(card: Path) -> None:
    told = json.loads(card.read_text(encoding="utf-8"))
    here = [
        path for path in card.parent.rglob("*") if path.is_file() and path.suffix != ".json"
    ]  # tables we made
    sums = {
        path.relative_to(card.parent).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in here
    }

    assert {"name", "version", "licence", "files"} <= told.keys()
    assert sums == told["files"]
