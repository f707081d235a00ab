"""The map in ARCHITECTURE.md is the code's: a room imports what its row names, and only upwards."""

import ast
import re
from pathlib import Path

import evaluation

PACKAGE = Path(evaluation.__file__).parent
MAP = PACKAGE.parents[1] / "ARCHITECTURE.md"


def _declared() -> dict[str, set[str]]:
    rows = re.findall(r"^\| (\w+) \| .* \| ([\w, -]+) \|$", MAP.read_text(encoding="utf-8"), re.MULTILINE)
    return {room: set(re.findall(r"\w+", imports)) for room, imports in rows if room != "room"}


def _room(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    """Rooms of the package that a module imports, wherever in the module the import stands."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = path.relative_to(PACKAGE).parts
                rooms.add(_room(base) if len(base) > node.level else (node.module or "").split(".")[0])
            elif node.module == "evaluation":
                rooms |= {alias.name for alias in node.names}
            elif (node.module or "").startswith("evaluation."):
                rooms.add(node.module.split(".")[1])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Modules imported by name, and files read from another room.
            named = re.fullmatch(r"evaluation\.(\w+)(\.\w+)*", node.value)
            if named and (PACKAGE / named[1] / "__init__.py").is_file():
                rooms.add(named[1])
        elif isinstance(node, ast.Import):
            rooms |= {
                alias.name.split(".")[1] for alias in node.names if alias.name.startswith("evaluation.")
            }
    return rooms


def _actual() -> dict[str, set[str]]:
    imports: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        room = _room(path.relative_to(PACKAGE).parts)
        if room != "__init__":
            imports.setdefault(room, set()).update(_imported(path) - {room})
    return imports


def test_the_map_names_every_room():
    assert set(_declared()) == set(_actual())


def test_every_room_imports_what_the_map_says():
    assert _actual() == _declared()


def test_imports_only_go_up_the_map():
    order = list(_declared())
    for room, imports in _actual().items():
        for imported in imports:
            assert order.index(imported) < order.index(room), f"{room} imports {imported}"


def test_the_report_cannot_reach_raw_or_unchecked_data():
    actual = _actual()
    seen, todo = set(), {"report"}
    while todo:
        room = todo.pop()
        seen.add(room)
        todo |= actual[room] - seen
    assert not seen & {"intake", "privacy", "estimation", "indicators", "sample"}


def test_only_intake_opens_raw_exports():
    readers = {"read_csv", "read_excel", "load_workbook", "read_table"}
    for path in sorted(PACKAGE.rglob("*.py")):
        room = _room(path.relative_to(PACKAGE).parts)
        called = {
            getattr(node.func, "attr", getattr(node.func, "id", ""))
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        }
        # reference reads the facts that are shipped with the package.
        assert not called & readers or room in {"intake", "reference"}, path.name
