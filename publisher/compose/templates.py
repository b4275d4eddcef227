"""Post templates: finding, rendering, and telling clearly what is wrong with one.

Their language stands in `compose.language`; what its two additions have marked becomes `text.fit.Piece`s here.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import jinja2
import regex
from jinja2 import meta, nodes

import publisher
from publisher.compose.language import CLOSE, OPEN, OTHERWISE, SHORTEN, WHOLE, Environment
from publisher.errors import TemplateError
from publisher.text.fit import Piece

_MARK = regex.compile(rf"({OPEN}\d+;|[{OTHERWISE}{CLOSE}{SHORTEN}{WHOLE}])")
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
        self._environment = Environment([self._folder, default_folder()])
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
        except RecursionError as error:
            _broken(*self._place(error, name), "it calls or includes itself without end", error)
        except Exception as error:  # noqa: BLE001  # a template can raise whatever Python can
            file, line = self._place(error, name)
            _broken(file, line, str(error) or type(error).__name__, error)

    def find(self, network: str, kind: str, template: str = "", language: str = "") -> str:
        """The file to use: `<network>/<kind>`, `<network>/any`, `any/<kind>`, `any/any`, the first there is; each with
        the language first (`speech.pt-br`, `speech.pt`), then without.

        `template` names one instead: a path like any/speech.txt.j2, or a name like speech that is looked up the
        same way. Raises TemplateError when there is none.
        """
        tag = language.lower()
        endings = [*dict.fromkeys(f".{each}" for each in (tag, tag.partition("-")[0]) if each), ""]
        if template.endswith(".j2"):
            choices = [template]
        elif template:
            choices = [f"{place}/{template}{end}.txt.j2" for place in (network, "any") for end in endings]
        else:
            named = [f"{place}/{name}" for place in (network, "any") for name in (kind, "any")]
            choices = [f"{name}{end}.txt.j2" for name in named for end in endings]
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
        except RecursionError as error:
            _broken(choices[0], 1, "too much stands inside each other", error)

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
        if token.startswith(OPEN):
            if drop:
                raise ValueError("an optional part stands inside another")
            drop, instead = int(token[1:-1]), False
        elif token == OTHERWISE:
            instead = True
        elif token == CLOSE:
            drop, instead = 0, False
        elif token in (SHORTEN, WHOLE) and token:
            shorten = token == SHORTEN
        elif token:
            yield Piece(token, shorten=shorten, drop=drop, instead=instead)
