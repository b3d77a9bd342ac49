"""What do our letters look like? templates/<language>/<audience>-<event>.txt → subject, text, html.

A template file opens with `Subject: …` and a blank line; the rest is the text. A file of the same name in `.html` is
its HTML form. Files that start with `_` are pieces for `{% include %}`. `words.toml` holds a language's words for keys
that the program uses, as `words.<table>.<key>`. `samples.toml` beside the languages holds variables for every template,
with which all are rendered once at loading: a template that cannot be rendered is found then, not at night.

`pages/` holds what is no letter, as .html or .svg: one form for all languages, whose words stand in words.toml. Letters
may include its pieces.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import DictLoader, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, meta
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailbot.errors import ConfigurationError, Fault
from mailbot.folderstate import State, state_of

Samples = Mapping[str, Sequence[Mapping[str, object]]]
Words = Mapping[str, Mapping[str, str]]
Whole = TypeVar("Whole")
_FILTERS = ("default", "first", "join", "last", "length", "lower", "trim", "upper")
_BODY_LINE = 2  # the text starts on the third line of its file
_WORDS = "words"  # the one name that a template may use without being given it
_PAGES = "pages"
_MARKUP = (".html", ".svg")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's words. The subject is one line."""

    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class _Letter:
    subject: Template
    text: Template
    html: Template | None

    def render(self, variables: Mapping[str, object]) -> Rendered:
        html = None if self.html is None else self.html.render(variables)
        return Rendered(self.subject.render(variables).strip(), self.text.render(variables), html)


@dataclass(frozen=True, slots=True)
class Templates:
    """Every template in every language, compiled.

    `pages` are known by file name, as `report.html`; `words` are a language's words by table and key; `samples` the
    variables of the trial rendering, by template.
    """

    letters: Mapping[tuple[str, str], _Letter]
    pages: Mapping[tuple[str, str], Template]
    words: Mapping[str, Words]
    samples: Samples

    def render(self, language: str, name: str, variables: Mapping[str, object]) -> Rendered:
        """Fill in a template: plain strings, numbers, booleans, and lists or mappings of them. Missing ones raise."""
        return self.letters[language, name].render(variables)

    def page(self, language: str, name: str, variables: Mapping[str, object]) -> str:
        """Fill in a page by its file name, with values like those of a letter."""
        return self.pages[language, name].render(variables)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all templates, in order."""
        return tuple(sorted({name for _, name in self.letters}))


def load(folder: Path, *, languages: Sequence[str]) -> Templates:
    """Read, compile and try all templates of these languages. Raises ConfigurationError with every fault."""
    return _load(folder, tuple(languages), state_of(folder))


@lru_cache(maxsize=2)
def _load(folder: Path, languages: tuple[str, ...], _state: State) -> Templates:
    faults: list[Fault] = []
    samples = _toml(folder / "samples.toml", faults)
    shared = dict(_pages(folder / _PAGES, faults))
    folders = {language: _Folder(folder / language, shared, faults) for language in languages}
    faults += _twin_faults(list(folders.values()))
    letters: dict[tuple[str, str], _Letter] = {}
    pages: dict[tuple[str, str], Template] = {}
    for language, twin in folders.items():
        for name, letter in twin.letters(faults):
            letters[language, name] = letter
            faults += twin.trial_faults(name, letter, samples.get(name, []))
        for name, page in twin.pages():
            pages[language, name] = page
            faults += twin.page_faults(name, page, samples.get(name, []))
    if faults:
        raise ConfigurationError(list(dict.fromkeys(faults)))  # a page that is wrong is so in every language
    return Templates(letters, pages, {language: twin.words for language, twin in folders.items()}, samples)


def _toml(path: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        faults.append(Fault(str(path), "file", "", f"cannot be read ({error.strerror}): put it there"))
    except ValueError as error:
        faults.append(Fault(str(path), "TOML", "", f"{error}"))
    return {}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A source, the variables that it wants itself, and the pieces that it includes."""

    source: str
    variables: frozenset[str]
    included: tuple[str, ...]


class _Folder:
    """The templates of one language while they are being loaded; `shared` are the pages, by file name."""

    def __init__(self, path: Path, shared: Mapping[str, str], faults: list[Fault]) -> None:
        self.path = path
        self.words = _toml(path / "words.toml", faults)
        self.shared = frozenset(shared)
        sources = {**shared, **dict(_sources(path, faults))}
        self.environment = _environment(sources, self.words)
        self.pieces = {name: self._piece(name, source, faults) for name, source in sources.items()}

    @property
    def names(self) -> set[str]:
        own = self.pieces.keys() - self.shared
        return {piece.rpartition(".")[0] for piece in own if not piece.startswith("_")}

    def file_of(self, piece: str) -> str:
        if piece in self.shared:
            return str(self.path.parent / _PAGES / piece)
        return str(self.path / piece.replace(".subject", ".txt"))

    def _piece(self, name: str, source: str, faults: list[Fault]) -> _Piece:
        try:
            tree = self.environment.parse(source)
            variables = meta.find_undeclared_variables(tree) - {_WORDS}
            included = tuple(piece for piece in meta.find_referenced_templates(tree) if piece is not None)
            self.environment.get_template(name)  # finds filters and tests that do not exist
        except TemplateSyntaxError as error:
            line = error.lineno + (_BODY_LINE if name.endswith(".txt") and not name.startswith("_") else 0)
            faults.append(Fault(self.file_of(name), f"line {line}", "", f"{error.message}"))
            return _Piece(source, frozenset(), ())
        return _Piece(source, frozenset(variables), included)

    def wanted(self, name: str) -> set[str]:
        """The variables that a piece wants, with all pieces that it includes."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in self.pieces and current not in seen:
                seen.add(current)
                waiting += self.pieces[current].included
        return {variable for piece in seen for variable in self.pieces[piece].variables}

    def wanted_by(self, name: str) -> set[str]:
        """The variables that a whole letter wants."""
        return {variable for kind in ("subject", "txt", "html") for variable in self.wanted(f"{name}.{kind}")}

    def letters(self, faults: list[Fault]) -> Iterator[tuple[str, _Letter]]:
        for name in sorted(self.names):
            try:
                yield name, self._letter(name)
            except TemplateSyntaxError:
                continue  # already among the faults
            except TemplateNotFound:
                faults.append(Fault(self.file_of(f"{name}.txt"), "file", "", "is missing: an .html form needs it"))

    def _letter(self, name: str) -> _Letter:
        compiled = self.environment.get_template
        html = compiled(f"{name}.html") if f"{name}.html" in self.pieces else None
        return _Letter(compiled(f"{name}.subject"), compiled(f"{name}.txt"), html)

    def pages(self) -> Iterator[tuple[str, Template]]:
        for name in sorted(self.shared):
            if not name.startswith("_"):
                try:
                    yield name, self.environment.get_template(name)
                except TemplateSyntaxError:
                    continue  # already among the faults

    def trial_faults(self, name: str, letter: _Letter, samples: Sequence[Mapping[str, object]]) -> Iterator[Fault]:
        """Render the letter with each of its samples."""
        file = self.file_of(f"{name}.txt")
        for number, sample in _usable(file, name, self.wanted_by(name), samples):
            if isinstance(sample, Fault):
                yield sample
            else:
                yield from _rendering_faults(file, number, letter, sample)

    def page_faults(self, name: str, page: Template, samples: Sequence[Mapping[str, object]]) -> Iterator[Fault]:
        """Render the page with each of its samples."""
        file = self.file_of(name)
        for number, sample in _usable(file, f'"{name}"', self.wanted(name), samples):
            rendered = sample if isinstance(sample, Fault) else _tried(file, number, page.render, sample)
            if isinstance(rendered, Fault):
                yield rendered


def _usable(
    file: str, name: str, wanted: set[str], samples: Sequence[Mapping[str, object]]
) -> Iterator[tuple[int, Mapping[str, object] | Fault]]:
    """Give each sample with its number, or what keeps it from being tried."""
    if not samples or not isinstance(samples, list) or not all(isinstance(each, dict) for each in samples):
        yield 0, Fault(file, "sample", "", f"put [[{name}]] with its variables into samples.toml")
        return
    for number, sample in enumerate(samples, start=1):
        missing = sorted(wanted - set(sample))
        mend = f"unknown variable, or it is missing in sample {number}"
        yield number, Fault(file, ", ".join(missing), "", mend) if missing else sample


def _tried(
    file: str, number: int, render: Callable[[Mapping[str, object]], Whole], sample: Mapping[str, object]
) -> Whole | Fault:
    try:
        return render(sample)
    except Exception as error:  # noqa: BLE001, RUF100 - whatever a template does wrong is a fault of that template
        return Fault(file, f"sample {number}", "", f"rendering failed: {type(error).__name__}: {error}")


def _rendering_faults(file: str, number: int, letter: _Letter, sample: Mapping[str, object]) -> Iterator[Fault]:
    rendered = _tried(file, number, letter.render, sample)
    if isinstance(rendered, Fault):
        yield rendered
        return
    if not rendered.subject or len(rendered.subject.splitlines()) != 1:
        yield Fault(file, "Subject", rendered.subject[:80], f"with sample {number} it is not one line of text")


def _sources(path: Path, faults: list[Fault]) -> Iterator[tuple[str, str]]:
    """The pieces of a language by name: `<letter>.subject`, `<letter>.txt`, `<letter>.html`, `_<piece>.txt`."""
    files = sorted([*path.glob("*.txt"), *path.glob("*.html")])
    if not files:
        faults.append(Fault(str(path), "folder", "", "holds no templates: a language of the desk needs all of them"))
    for file in files:
        source = _read(file, faults)
        if file.suffix == ".html" or file.name.startswith("_"):
            yield file.name, source
            continue
        subject, _, text = source.partition("\n")
        if not subject.startswith("Subject: ") or not text.startswith("\n"):
            faults.append(Fault(str(file), "line 1", subject[:80], "start with one line 'Subject: …' and a blank line"))
        yield f"{file.stem}.subject", subject.removeprefix("Subject: ")
        yield file.name, text[1:]


def _pages(path: Path, faults: list[Fault]) -> Iterator[tuple[str, str]]:
    """The pages and their pieces by file name."""
    for file in sorted(each for each in path.glob("*") if each.suffix in _MARKUP):
        yield file.name, _read(file, faults)


def _read(file: Path, faults: list[Fault]) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(str(file), "file", "", f"cannot be read as UTF-8 text: {error}"))
        return "Subject: -\n\n"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Templates may be edited by staff: nothing but the given values is within reach (attack row 24).

    The sandbox of Jinja keeps them from our objects, not from our memory: `{{ "a" * 10**9 }}` passes it. So there is no
    arithmetic that makes text longer, no call but `.get()`, and a closed list of filters.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        raise SecurityError(f"the operator {operator} may not be used")

    def is_safe_callable(self, obj: Any) -> bool:
        return getattr(obj, "__name__", "") == "get" and isinstance(getattr(obj, "__self__", None), dict)


def _environment(sources: Mapping[str, str], words: Mapping[str, object]) -> _Sandbox:
    environment = _Sandbox(
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(_MARKUP),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.clear()
    environment.globals[_WORDS] = words
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _twin_faults(twins: Sequence[_Folder]) -> Iterator[Fault]:
    """All languages have the same letters, with the same variables, and words for the same keys."""
    names = {name for twin in twins for name in twin.names}
    words = {key for twin in twins for key in _word_keys(twin.words)}
    for twin in twins:
        for name in sorted(names - twin.names):
            yield Fault(str(twin.path), f"{name}.txt", "", "is missing, though another language has it")
        for key in sorted(words - set(_word_keys(twin.words))):
            yield Fault(str(twin.path / "words.toml"), key, "", "is missing, though another language has it")
    for name in sorted(names):
        having = [twin for twin in twins if name in twin.names]
        wanted = {variable for twin in having for variable in twin.wanted_by(name)}
        for twin in having:
            lacking = sorted(wanted - twin.wanted_by(name))
            if lacking:
                yield Fault(twin.file_of(f"{name}.txt"), ", ".join(lacking), "", "another language uses it, this not")


def _word_keys(words: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in words.items():
        if isinstance(value, Mapping):
            yield from _word_keys(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
