"""Post templates: finding, rendering, and telling clearly what is wrong with one.

Templates are Jinja2 in a sandbox, with two additions (docs/templates.md):

    {% optional 1 %}…{% otherwise %}…{% endoptional %}   dropped first (2: second …) when the text is too long
    {{ lead | shorten }}                                  may lose sentences, then words

Both leave marks (Unicode non-characters, which no document can bring in) that become `text.fit.Piece`s.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import jinja2
import regex
from jinja2 import meta, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

import publisher
from publisher.errors import TemplateError
from publisher.text.fit import Piece
from publisher.text.sentences import split_sentences

OUTPUT_LIMIT = 20_000
"""Code points that a template may write: forty times what any network takes in one post."""
STEP_LIMIT = 10_000
"""Turns of all loops and calls together."""

_OPEN, _OTHERWISE, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_SHORTEN, _WHOLE = "\ufdd3", "\ufdd4"
_MARK = regex.compile(rf"({_OPEN}\d+;|[{_OTHERWISE}{_CLOSE}{_SHORTEN}{_WHOLE}])")
_THREADS = ("", "plain", "numbered")


@dataclass(frozen=True, slots=True)
class Rendered:
    name: str
    """The template file, relative to the folder."""
    pieces: tuple[Piece, ...]
    thread: str = ""
    """"" (one post), "plain" or "numbered"."""


class Templates:
    """The post templates of a folder as they stand on disk now; what it lacks is taken from those shipped with us."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or default_folder()
        self._environment = _Environment([self._folder, default_folder()])
        self._checked: set[str] = set()

    def render(self, name: str, variables: Mapping[str, object]) -> Rendered:
        """Render the template `name`. Raises TemplateError, which names file, line and cause."""
        try:
            if name not in self._checked:
                self._check_names(name, variables)
                self._checked.add(name)
            text, thread = self._environment.run(name, variables)
            if thread not in _THREADS:
                raise ValueError(f'thread must be "plain" or "numbered", not "{thread}"')
            return Rendered(name, tuple(_pieces(text)), thread)
        except TemplateError:
            raise
        except jinja2.TemplateNotFound as error:
            raise TemplateError("template.missing", str(error), file=error.name) from error
        except jinja2.TemplateSyntaxError as error:
            _broken(error.name or name, error.lineno, error.message or "a mistake in the syntax", error)
        except Exception as error:  # noqa: BLE001  # a template can raise whatever Python can
            file, line = self._place(error, name)
            _broken(file, line, str(error) or type(error).__name__, error)

    def find(self, network: str, kind: str, template: str = "") -> str:
        """The file to use: `<network>/<kind>`, `<network>/any`, `any/<kind>`, `any/any`, the first there is.

        `template` names one instead: a path like any/speech.txt.j2, or a name like speech that is looked up the
        same way. Raises TemplateError when there is none.
        """
        if template.endswith(".j2"):
            choices = [template]
        elif template:
            choices = [f"{place}/{template}.txt.j2" for place in (network, "any")]
        else:
            choices = [f"{place}/{name}.txt.j2" for place in (network, "any") for name in (kind, "any")]
        # All of the own folder comes before anything shipped: an own any/speech is meant for every network.
        choices = [name for name in choices if (self._folder / name).is_file()] + choices
        try:
            return str(self._environment.select_template(choices).name)
        except jinja2.TemplatesNotFound:
            raise TemplateError("template.missing", ", ".join(choices), file=choices[0]) from None
        except jinja2.TemplateSyntaxError as error:
            _broken(error.name or choices[0], error.lineno, error.message or "a mistake in the syntax", error)
        except (OSError, UnicodeDecodeError) as error:
            _broken(choices[0], 1, "the file cannot be read as UTF-8 text", error)

    def hash(self, name: str) -> str:
        """SHA-256 (hex) of the file as it stands; with those that it includes, of their hashes, one after another."""
        source, _, _ = self._environment.source(name)
        own = hashlib.sha256(source.encode()).hexdigest()
        found = meta.find_referenced_templates(self._environment.parse(source, name))
        others = [self.hash(other) for other in found if other and other != name]
        return hashlib.sha256("".join([own, *others]).encode()).hexdigest() if others else own

    def broken(self) -> list[TemplateError]:
        """What is wrong with the files themselves, without rendering them."""
        errors = []
        for name in self._environment.list_templates(filter_func=lambda name: name.endswith(".j2")):
            try:
                self.find("any", "any", name)
            except TemplateError as error:
                errors.append(error)
        return errors

    def _check_names(self, name: str, variables: Mapping[str, object]) -> None:
        """A misspelt name is an error even in a branch that this document does not reach."""
        source, _, _ = self._environment.source(name)
        tree = self._environment.parse(source, name)
        try:
            unknown = meta.find_undeclared_variables(tree) - set(variables) - set(self._environment.globals)
        except jinja2.TemplateAssertionError as error:  # it compiles the tree, and forgets the name of the file
            _broken(name, error.lineno, error.message or "a mistake in the syntax", error)
        for node in tree.find_all(nodes.Name):
            if node.name in unknown:
                why = f'there is no "{node.name}"; there are {", ".join(sorted(variables))}'
                _broken(name, node.lineno, why)
        for other in meta.find_referenced_templates(tree):
            if other and other != name:
                self._check_names(other, variables)

    def _place(self, error: BaseException, name: str) -> tuple[str, int]:
        """The template file and line that `error` came from: the innermost frame that is a template."""
        place = (name, 1)
        trace = error.__traceback__
        while trace:
            if known := self._environment.name_of(trace.tb_frame.f_code.co_filename):
                place = (known, trace.tb_lineno)
            trace = trace.tb_next
        return place


def default_folder() -> Path:
    """The shipped templates: inside the package where it is installed, at the top in a checkout."""
    package = Path(publisher.__file__).parent
    installed = package / "post_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _broken(file: str, line: int, why: str, cause: BaseException | None = None) -> NoReturn:
    diagnostic = f"{type(cause).__name__}: {cause}" if cause else why
    raise TemplateError("template.broken", diagnostic, file=file, line=line, why=why.rstrip(".")) from cause


def _pieces(text: str) -> Iterator[Piece]:
    drop, instead, shorten = 0, False, False
    for token in _MARK.split(text):
        if token.startswith(_OPEN):
            if drop:
                raise ValueError("an optional part stands inside another")
            drop, instead = int(token[1:-1]), False
        elif token == _OTHERWISE:
            instead = True
        elif token == _CLOSE:
            drop, instead = 0, False
        elif token in (_SHORTEN, _WHOLE) and token:
            shorten = token == _SHORTEN
        elif token:
            yield Piece(token, shorten=shorten, drop=drop, instead=instead)


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

        return [mark(f"{_OPEN}{order.value};"), *body, mark(_OTHERWISE), *instead, mark(_CLOSE)]


class _CountedLoops(CodeGenerator):
    """Sends what each loop runs over through `_Environment.counted`."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802  # the name is Jinja2's
        node.iter = nodes.Call(nodes.EnvironmentAttribute("counted"), [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox that ends: loops, calls, powers and output are bounded. Used by one thread at a time."""

    code_generator_class = _CountedLoops
    intercepted_binops = frozenset(["**", "*", "%"])

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(
            loader=jinja2.FileSystemLoader(folders),
            undefined=jinja2.StrictUndefined,
            extensions=[_OptionalTag],
            autoescape=False,  # posts are plain text
        )
        self.globals = {"range": self.globals["range"]}
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"shorten": _shorten, "sentences": _sentences}
        self._steps = 0

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
        self._steps = 0
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

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self._step()
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not all(isinstance(value, int | float) and abs(value) < 1_000_000 for value in (left, right)):
            raise ValueError(f"{operator} is only for small numbers")
        return super().call_binop(context, operator, left, right)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > STEP_LIMIT:
            raise ValueError(f"it does not end: more than {STEP_LIMIT} steps")


# Jinja2's own filters that make sense in a post and cannot grow without bound.
_FILTERS = ("capitalize", "default", "first", "int", "join", "last", "length", "list", "lower", "replace", "reverse",
            "select", "sort", "string", "title", "trim", "unique", "upper", "wordcount")  # fmt: skip


def _shorten(text: str) -> str:
    return f"{_SHORTEN}{text}{_WHOLE}"


def _sentences(text: str, count: int) -> str:
    """The first `count` sentences of `text`."""
    return " ".join(split_sentences(text)[:count])
