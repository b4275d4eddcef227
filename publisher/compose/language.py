"""The language of post templates: Jinja2 in a sandbox, with two additions (docs/templates.md):

    {% optional 1 %}…{% otherwise %}…{% endoptional %}   dropped first (2: second …) when the text is too long
    {{ lead | shorten }}                                  may lose sentences, then words

Both leave marks (Unicode non-characters, which no document can bring in) for `compose.templates`.

A template is trusted to say what we say, not to run programs or to bring the service down. So it sees nothing but the
document's names, calls nothing but what is listed here, reads files of its folder alone, and is bounded in steps, in
time, in what it writes and in every text that it makes on the way.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import regex
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from publisher.text.sentences import split_sentences

OUTPUT_LIMIT = 20_000
"""Code points that a template may write: forty times what any network takes in one post."""
TEXT_LIMIT = 2_000_000
"""Code points of any text on the way: a whole document and more."""
STEP_LIMIT = 10_000
"""Turns of all loops and calls together."""
TIME_LIMIT = 2.0
"""Seconds of the processor."""

OPEN, OTHERWISE, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
SHORTEN, WHOLE = "\ufdd3", "\ufdd4"

_METHODS = frozenset(
    {
        *("capitalize", "casefold", "lower", "title", "upper"),
        *("lstrip", "removeprefix", "removesuffix", "rstrip", "split", "splitlines", "strip"),
        *("count", "endswith", "find", "startswith"),
        *("date", "isoformat", "strftime", "time", "weekday"),
    }
)
"""What may be called on texts and times: nothing whose result is much longer than what it is called on."""
# Jinja2's own filters that make sense in a post and cannot grow without bound.
_FILTERS = ("capitalize", "default", "first", "int", "last", "length", "list", "lower", "reverse", "select", "sort",
            "title", "trim", "unique", "upper", "wordcount")  # fmt: skip


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox that ends. Used by one thread at a time."""

    intercepted_binops = frozenset(["**", "*", "%", "+"])

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(
            loader=_Within(folders),
            undefined=jinja2.StrictUndefined,
            extensions=[_OptionalTag],
            autoescape=False,  # posts are plain text
            finalize=_writable,
        )
        self.globals = {"range": self.globals["range"]}
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters |= {"shorten": _shorten, "sentences": _sentences, "join": _join, "replace": _replace}
        self.filters |= {"string": _text}
        self._steps, self._until = 0, 0.0

    def source(self, name: str) -> tuple[str, str | None, Any]:
        if self.loader is None:  # pragma: no cover  # set above
            raise jinja2.TemplateNotFound(name)
        return self.loader.get_source(self, name)

    def name_of(self, filename: str) -> str:
        """The name of the loaded template that was compiled from `filename`; blank for any other file."""
        for name in self.list_templates(filter_func=lambda name: name.endswith(".j2")):
            if self.source(name)[1] == filename:
                return name
        return ""

    def run(self, name: str, variables: Mapping[str, object]) -> tuple[str, str]:
        """What the template writes, and its `thread` variable."""
        self._steps, self._until = 0, time.thread_time() + TIME_LIMIT
        template = self.get_template(name)
        context = template.new_context(dict(variables))
        written: list[str] = []
        size = 0
        try:
            for text in template.root_render_func(context):
                written.append(text)
                size += len(text)
                if size > OUTPUT_LIMIT:
                    raise ValueError(f"it writes more than {OUTPUT_LIMIT} characters")
        except Exception:  # noqa: BLE001  # re-raised with the template's own lines in the traceback
            self.handle_exception()
        return "".join(written), str(context.vars.get("thread", ""))

    def counted(self, items: Iterable[object]) -> Iterator[object]:
        for item in items:
            self._step()
            yield item

    def joined(self, *values: object) -> str:
        """`a ~ b`"""
        return _bounded([_text(value) for value in values])

    @staticmethod
    def concat(texts: Iterable[str]) -> str:
        """What a macro, a block or `{% set %}…{% endset %}` has written."""
        return _bounded(texts)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self._step()
        if not self.is_safe_callable(obj):
            raise ValueError(f"{getattr(obj, '__name__', type(obj).__name__)} cannot be called in a template")
        return super().call(context, obj, *args, **kwargs)

    def is_safe_callable(self, obj: Any) -> bool:
        """Only what the language itself offers, and a few methods of texts and times."""
        if isinstance(obj, Macro | LoopContext | BlockReference) or obj in self.globals.values():
            return True
        owner = getattr(obj, "__self__", None)
        return (
            owner is self
            or isinstance(owner, LoopContext)
            or (isinstance(owner, str | date) and obj.__name__ in _METHODS)
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _bounded([left, right])
        if not all(isinstance(value, int | float) and abs(value) < 1_000_000 for value in (left, right)):
            raise ValueError(f"{operator} is only for small numbers")
        return super().call_binop(context, operator, left, right)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > STEP_LIMIT:
            raise ValueError(f"it does not end: more than {STEP_LIMIT} steps")
        if time.thread_time() > self._until:
            raise ValueError(f"it takes longer than {TIME_LIMIT:.0f} seconds")


class _Bounded(CodeGenerator):
    """Sends what loops run over and what `~` joins through the environment; lets lists hold plain values alone."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802  # the name is Jinja2's
        node.iter = nodes.Call(nodes.EnvironmentAttribute("counted"), [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.joined(")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._must_be_plain(node)
        super().visit_List(node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._must_be_plain(node)
        super().visit_Tuple(node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._must_be_plain(node)
        super().visit_Dict(node, frame)

    def _must_be_plain(self, node: nodes.Expr) -> None:
        """A list of names could hold lists of lists of lists, which double with each line and never compare."""
        if next(node.find_all((nodes.Name, nodes.Call, nodes.Filter, nodes.Getitem, nodes.Getattr)), None):
            self.fail("a list can hold plain texts and numbers only", node.lineno)


Environment.code_generator_class = _Bounded


class _Within(jinja2.FileSystemLoader):
    """Files of the folders, and not what a link in them leads to elsewhere: the machine's secrets are files too."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        source, filename, uptodate = super().get_source(environment, template)
        real = Path(filename).resolve()
        if not any(real.is_relative_to(Path(folder).resolve()) for folder in self.searchpath):
            raise jinja2.TemplateNotFound(template)
        return source, filename, uptodate


# The line break after a tag that has its line to itself goes into the tag: it vanishes, and lines still count.
_TAG_LINE = regex.compile(
    r"^[ \t]*((?:\{%(?:[^%]|%(?!\}))*%\}[ \t]*|\{#(?:[^#]|#(?!\}))*#\}[ \t]*)+)\n", regex.MULTILINE
)


class _OptionalTag(Extension):
    tags = {"optional"}

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        def moved(match: regex.Match[str]) -> str:
            tags = match[1].rstrip()
            return f"{tags[:-2]}\n{tags[-2:]}"

        return _TAG_LINE.sub(moved, source.replace("\r\n", "\n"))

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        order = parser.parse_expression()
        if not isinstance(order, nodes.Const) or type(order.value) is not int or order.value < 1:
            parser.fail("optional needs a number: 1 is dropped first, then 2 …", line)
        body = parser.parse_statements(("name:otherwise", "name:endoptional"))
        instead: list[nodes.Node] = []
        if next(parser.stream).value == "otherwise":
            instead = parser.parse_statements(("name:endoptional",), drop_needle=True)

        def mark(text: str) -> nodes.Node:
            return nodes.Output([nodes.TemplateData(text)], lineno=line)

        return [mark(f"{OPEN}{order.value};"), *body, mark(OTHERWISE), *instead, mark(CLOSE)]


def _bounded(texts: Iterable[str], between: str = "") -> str:
    """Joined, unless it would be too long: looked at before the memory is taken."""
    texts = list(texts)
    if sum(map(len, texts)) + len(between) * max(0, len(texts) - 1) > TEXT_LIMIT:
        raise ValueError(f"it makes a text of more than {TEXT_LIMIT} characters")
    return between.join(texts)


def _text(value: object) -> str:
    """`value` in words. Only what is one thing: a list of lists could be endless."""
    if isinstance(value, jinja2.Undefined | str | int | float | date) or value is None:
        return str(value)
    raise ValueError(f"only text can be written, not a {type(value).__name__}")


def _writable(value: object) -> object:
    """What stands between {{ and }}."""
    return value if isinstance(value, str | jinja2.Undefined) else _text(value)


def _join(values: Iterable[object], between: str = "") -> str:
    return _bounded([_text(value) for value in values], _text(between))


def _replace(text: str, old: str, new: str) -> str:
    if len(text) + (text.count(old) * len(new)) > TEXT_LIMIT:
        raise ValueError(f"it makes a text of more than {TEXT_LIMIT} characters")
    return text.replace(old, new)


def _shorten(text: object) -> str:
    return f"{SHORTEN}{_text(text)}{WHOLE}"


def _sentences(text: str, count: int) -> str:
    """The first `count` sentences of `text`."""
    return " ".join(split_sentences(text)[:count])
