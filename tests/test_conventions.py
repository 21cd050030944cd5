"""The page on how code is written, executed. Each test collects every offence, so that one run tells them all."""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    *("kit", "regions", "accounts", "jobs", "notifications", "documents", "budgets", "programs", "participants"),
    "incentives",
    "reports",
)
ROOMS = {
    *("models", "rules", "permissions", "notices", "papers", "privacy", "sheets", "queries", "actions", "forms"),
    *("views", "tasks", "management", "urls", "admin", "apps", "migrations", "templatetags"),
}
# Rooms that one app has earned, each for a reason that its first line tells.
EARNED = {
    "accounts": {"adapter", "backends", "chain", "middleware", "roles"},
    "regions": {"data"},
    "budgets": {"data"},
    "jobs": {"cleaning", "links", "runner", "storage"},
    "documents": {"jobs", "kinds", "layouts", "signing", "typesetting"},
    "notifications": {"delivery", "outbox", "routing", "texts"},
    "participants": {"jobs", "wording"},
    "reports": {"jobs"},
}
# What another app may import from an app; kit is open as a whole.
DOORS = {"models", "rules", "actions", "permissions", "notices"}
OPEN_TO_ALL = {"accounts.roles", "documents.kinds", "documents.typesetting"}
# Called inside another action, which has the actor; or nobody is signed in yet; or the user is the actor.
WITHOUT_ACTOR = {
    *("notifications.actions.queue", "notifications.actions.queue_many"),
    *("accounts.actions.take_attempt", "accounts.actions.settle_attempt", "accounts.actions.forget_old_attempts"),
    *("accounts.actions.note_sign_in", "accounts.actions.note_failed_sign_in", "accounts.actions.note_sign_out"),
    *("accounts.actions.seal_entries", "jobs.actions.note_alive", "accounts.actions.forget_ended_devices"),
    *("accounts.actions.change_password", "accounts.actions.use_code", "accounts.actions.note_failed_second_factor"),
    "accounts.actions.accept_invitation",
}
# Writes inside the transaction of the action that calls it, or only makes what that writes.
WITHOUT_TRANSACTION = {"record", "line_of"}
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "select_for_update"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "services", "selectors", "signals"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def none_of(offences: Iterable[object]) -> None:
    listed = [str(offence) for offence in offences]
    assert not listed, "\n".join(["", *listed])


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def room_files(room: str) -> Iterator[Path]:
    for app in APPS:
        yield from [path for path in [ROOT / app / f"{room}.py"] if path.exists()]
        yield from python_files(f"{app}/{room}")


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def top_functions(path: Path) -> Iterator[Function]:
    yield from (node for node in ast.parse(path.read_text()).body if isinstance(node, Function))


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def at(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(ROOT)}" + (f":{getattr(node, 'lineno', 0)}" if node is not None else "")


def called(node: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            yield call, call.func.attr


def imported(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Dotted names that a file imports, `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


ALL_CODE = [*python_files(*APPS, "ikm_portal", "tests"), ROOT / "portal.py", ROOT / "manage.py"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_files_are_short() -> None:
    none_of([at(path) for path in ALL_CODE if len(path.read_text().splitlines()) > 400])


def test_functions_are_short() -> None:
    found = [(at(path, node), node.name, length(node)) for path in ALL_CODE for node in functions(path)]
    none_of([offence for offence in found if offence[2] > 40])


def test_views_are_short() -> None:
    found = [(at(path, node), node.name, length(node)) for path in room_files("views") for node in top_functions(path)]
    none_of([offence for offence in found if offence[2] > 25])


def test_templates_are_short() -> None:
    none_of([at(path) for path in TEMPLATES if len(path.read_text().splitlines()) > 150])


@pytest.mark.parametrize("app", [app for app in APPS if app != "kit"])
def test_rooms_are_known(app: str) -> None:
    found = {path.stem for path in (ROOT / app).iterdir() if not path.name.startswith("_")}
    none_of(found - ROOMS - EARNED.get(app, set()))


def test_names_say_something() -> None:
    none_of([at(path) for path in ALL_CODE if path.stem in NAMES_THAT_SAY_NOTHING])


def test_small_industry_is_never_abbreviated() -> None:
    """It means the small industry and also a satisfaction index."""
    offences = []
    for path in ALL_CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "arg", None)
            if isinstance(name, str) and "ikm" in name.lower().replace("ikm_portal", "").split("_"):
                offences.append((at(path, node), name))
    none_of(offences)


def test_save_is_never_overridden() -> None:
    offences = [(at(path, node), node.name) for path in room_files("models") for node in functions(path)]
    none_of([offence for offence in offences if offence[1] in {"save", "delete"}])


def test_signals_are_not_used() -> None:
    offences = [(at(path, node), name) for path in python_files(*APPS, "ikm_portal") for node, name in imported(path)]
    none_of([offence for offence in offences if "signals" in offence[1].split(".") or "receiver" in offence[1]])


def test_views_and_tasks_do_not_write() -> None:
    paths = [*room_files("views"), *room_files("tasks")]
    found = [(at(path, call), name) for path in paths for call, name in called(ast.parse(path.read_text()))]
    none_of([offence for offence in found if offence[1] in WRITES | {"atomic"}])


def actions() -> Iterator[tuple[Path, Function]]:
    """The public functions of each `actions`; of a package those that its `__init__` names."""
    for path in room_files("actions"):
        door = path.with_name("__init__.py")
        named = {name.rsplit(".", 1)[1] for _node, name in imported(door)} if path.parent.name == "actions" else None
        for node in top_functions(path):
            if not node.name.startswith("_") and (named is None or node.name in named):
                yield path, node


def test_actions_are_keyword_only_and_know_the_actor() -> None:
    offences = []
    for path, node in actions():
        names = {argument.arg for argument in node.args.kwonlyargs}
        actor = "by" in names or f"{path.relative_to(ROOT).parts[0]}.actions.{node.name}" in WITHOUT_ACTOR
        asks = {argument.arg for argument in node.args.kwonlyargs if "DataRequest" in ast.dump(argument)}
        if node.args.args or node.args.posonlyargs or not actor or {"request", "form"} & (names - asks):
            offences.append((at(path, node), node.name))
    none_of(offences)


def hands_on(node: Function) -> bool:
    """Its whole body is one call of another action."""
    call = node.body[-1].value if isinstance(node.body[-1], ast.Return) else None
    return len(node.body) <= 2 and isinstance(call, ast.Call) and "by" in {keyword.arg for keyword in call.keywords}


def test_actions_are_transactions() -> None:
    """Themselves, or by the function that does the work."""
    offences = []
    for path, node in actions():
        atomic = {other.name for other in top_functions(path) if "atomic" in ast.dump(other)}
        calls = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        if node.name not in atomic | WITHOUT_TRANSACTION and not calls & atomic and not hands_on(node):
            offences.append((at(path, node), node.name))
    none_of(offences)


def test_rules_are_pure() -> None:
    """No database, no clock, no settings: values in, values out."""
    banned = ("django.db", "django.conf", "django.core.cache", "django.utils.timezone")
    offences = [(at(path, node), name) for path in room_files("rules") for node, name in imported(path)]
    clocks = [
        (at(path, call), name)
        for path in room_files("rules")
        for call, name in called(ast.parse(path.read_text()))
        if name in {"now", "today", "localdate", "utcnow"}
    ]
    none_of([offence for offence in offences if offence[1].startswith(banned)] + clocks)


def test_apps_enter_each_other_by_the_doors() -> None:
    offences = []
    for app in APPS:
        for path in python_files(app):
            for node, name in imported(path):
                other, _dot, rest = name.partition(".")
                if other not in APPS or other in {app, "kit"}:
                    continue
                room = rest.split(".")[0]
                if room not in DOORS and f"{other}.{room}" not in OPEN_TO_ALL:
                    offences.append((at(path, node), name))
    none_of(offences)


def test_templates_give_components_no_filters_that_they_do_not_apply() -> None:
    """cotton resolves `:name="value"` without filters and leaves it empty; `name="{{ value|filter }}"` works."""
    none_of([at(path) for path in TEMPLATES if re.search(r' :[a-z_]+="[^"{]*\|', path.read_text())])


def test_templates_have_no_inline_script_or_style() -> None:
    """The content security policy would refuse it in the browser."""
    inline = re.compile(
        r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
        r"|<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/(?:ld\+)?json\")",
        re.IGNORECASE,
    )
    found = [(at(path), match[0].strip()) for path in TEMPLATES for match in inline.finditer(path.read_text())]
    none_of(found)


def own_patterns(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from own_patterns(entry, entry.namespace or namespace)
        elif inspect.unwrap(entry.callback).__module__.split(".")[0] == namespace:
            yield namespace, entry


def test_one_name_in_four_places() -> None:
    """The view, its URL name, its template and the prefix of its tests."""
    offences = []
    for app, pattern in own_patterns():
        view = inspect.unwrap(pattern.callback)
        source = inspect.getsource(view)
        name = pattern.name or ""
        tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
        if view.__name__ != name:
            offences.append(f"{app}:{name} is the view {view.__name__}")
        if "render(" in source and f"{app}/{name}.html" not in source:
            offences.append(f"{app}:{name} does not render {app}/{name}.html")
        if f"def test_{name}_" not in tests:
            offences.append(f"{app}:{name} has no test_{name}_...")
    none_of(offences)


def test_indonesian_texts_are_not_fuzzy() -> None:
    offences = [
        at(path) for path in (ROOT / "locale").rglob("*.po") if re.search(r"^#,.*\bfuzzy", path.read_text(), re.M)
    ]
    none_of(offences)


def test_escapes_give_their_reason() -> None:
    """`noqa` and `type: ignore` name the rule and say why on their own line; blanket ones hide the next fault."""
    blanket = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?!(?:: [A-Z0-9, ]+ -|\[[a-z, -]+\] +#) \S)")
    offences = [
        (at(path), number)
        for path in ALL_CODE
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if blanket.search(line) and path != Path(__file__)
    ]
    none_of(offences)


def test_icons_are_those_that_pages_show() -> None:
    """The sprite is loaded on the first visit: it holds every icon that is asked for, and no other."""
    held = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text()))
    source = "\n".join(path.read_text() for path in [*TEMPLATES, *python_files(*APPS, "ikm_portal")])
    asked = set(re.findall(r"""(?:\{% icon |\sicon=)["']([a-z0-9-]+)["']""", source))
    unused = {name for name in held if not re.search(rf"""["'\s]{name}["'\s]""", source)}
    assert (asked - held, unused) == (set(), set())


def test_style_sheets_style_what_pages_use() -> None:
    """Every class of the portal's own style sheets stands in a template, in code or in a script."""
    given_by_others = {"htmx-request"}
    scripts = [*(ROOT / "static" / "js").glob("*.js")]
    source = "\n".join(path.read_text() for path in [*TEMPLATES, *scripts, *python_files(*APPS, "ikm_portal")])
    composed = tuple(re.findall(r"\b([a-z]+-)\{[{%]", source))
    offences = []
    for name in ("theme", "portal", "staff", "print"):
        rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", (ROOT / f"static/css/{name}.css").read_text(), flags=re.DOTALL)
        for css_class in sorted(set(re.findall(r"\.([a-zA-Z][\w-]*)", rules)) - given_by_others):
            if not css_class.startswith(composed) and not re.search(rf"(?<![\w-]){css_class}(?![\w-])", source):
                offences.append(f"static/css/{name}.css: .{css_class}")
    none_of(offences)
