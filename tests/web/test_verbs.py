"""Every verb that the newsroom writes into the history has words in the desk."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from publisher.newsroom.approval import pairs
from publisher.newsroom.documents import corrections
from publisher.newsroom.workflow import TRANSITIONS
from publisher.web import verbs
from tests.conftest import ROOT

NEWSROOM = ROOT / "publisher" / "newsroom"
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(NEWSROOM.rglob("*.py"))}
PASSED_ON = {"workflow.py"}
"""It writes the verbs of TRANSITIONS."""
OF_PROPOSALS = {"proposals.py"}
"""It writes the steps of what takes two people."""


def written() -> Iterator[tuple[str, str]]:
    """Subject and verb of each event that any code of the newsroom writes."""
    for path, module in MODULES.items():
        if path.name in PASSED_ON | OF_PROPOSALS:
            continue
        for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
            for call in [node for node in ast.walk(function) if _records(node)]:
                assert isinstance(call, ast.Call)
                subjects, said = (values(call.args[place], function, path) for place in (1, 3))
                yield from product(subjects, said)


def _records(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"


def values(node: ast.expr, function: ast.FunctionDef, path: Path) -> set[str]:
    """What an expression may be: texts, a choice, a name that is given some in the function or by its callers."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return values(node.body, function, path) | values(node.orelse, function, path)
    if isinstance(node, ast.JoinedStr):
        return {"".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)}
    assert isinstance(node, ast.Name), f"{path.name}: {ast.unparse(node)}"
    found: set[str] = set()
    for each in ast.walk(function):
        if isinstance(each, ast.Assign) and any(ast.unparse(target) == node.id for target in each.targets):
            found |= values(each.value, function, path)
    names = [argument.arg for argument in function.args.args + function.args.kwonlyargs]
    if node.id in names:
        for caller, call in _calls(function.name, path):
            place = names.index(node.id)
            given = next((word.value for word in call.keywords if word.arg == node.id), None)
            found |= values(given or call.args[place], caller, path)
    assert found, f"{path.name}: where does {node.id} come from?"
    return found


def _calls(name: str, path: Path) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Where a function of that file is called; what begins with _ is called there only."""
    for module in [MODULES[path]] if name.startswith("_") else MODULES.values():
        for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == name:
                    yield function, call


def test_every_verb_of_the_history_has_words() -> None:
    of_posts = {("post", verb) for known in TRANSITIONS.values() for verb in known}
    assert {event for event in {*written(), *of_posts} if verbs.known(*event) is None} == set()


def test_every_act_that_a_verb_names_has_words() -> None:
    assert set(verbs.ACTS) == {*pairs.ACTS, *map(str, corrections.Act)}
    assert verbs.say("hold", "propose: lift everything") == "proposed: to lift it"


def test_every_subject_has_a_name() -> None:
    assert {subject for subject, _ in written()} - set(verbs.SUBJECTS) == set()


def test_verb_without_words_is_shown_as_it_is() -> None:
    assert verbs.say("post", "juggle") == "juggle"
