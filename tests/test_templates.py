"""Templates: a folder is loaded whole or refused with every fault."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError, UndefinedError

from mailbot.errors import ConfigurationError, Fault
from mailbot.templates import Templates, load

GOOD = {
    "samples.toml": '[[asker-hello]]\nname = "A"\nnews = ["one"]\n',
    "ja/words.toml": '[reason]\nstranger = "知らない方"\n',
    "en/words.toml": '[reason]\nstranger = "a stranger"\n',
    "ja/_footer.txt": "{{ '-- ' }}\n{{ name }}\n",
    "en/_footer.txt": "{{ '-- ' }}\n{{ name }}\n",
    "ja/asker-hello.txt": (
        "Subject: {{ name }} 様\n\n{% for each in news %}\n{{ each }}\n{% endfor %}\n{% include '_footer.txt' %}\n"
    ),
    "en/asker-hello.txt": (
        "Subject: Dear {{ name }}\n\n{{ words.reason.stranger }}{{ news | join }}\n{% include '_footer.txt' %}\n"
    ),
    "ja/asker-hello.html": "<p>{{ name }}</p>{{ news | join }}\n",
}

Folder = Callable[[dict[str, str | None]], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def write(changes: dict[str, str | None]) -> Path:
        for name, content in (GOOD | changes).items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            if content is not None:
                path.write_text(content, "utf-8")
        return tmp_path

    return write


def loaded(path: Path) -> Templates:
    return load(path, languages=["ja", "en"])


def faults(path: Path) -> list[Fault]:
    with pytest.raises(ConfigurationError) as caught:
        loaded(path)
    return list(caught.value.faults)


def test_render(folder: Folder) -> None:
    templates = loaded(folder({}))
    japanese = templates.render("ja", "asker-hello", {"name": "<山田>", "news": ["1", "2"]})
    assert japanese.subject == "<山田> 様"
    assert japanese.text == "1\n2\n-- \n<山田>\n"
    assert japanese.html == "<p>&lt;山田&gt;</p>12\n"
    english = templates.render("en", "asker-hello", {"name": "Yamada", "news": []})
    assert (english.subject, english.html) == ("Dear Yamada", None)
    assert "a stranger" in english.text
    assert templates.names == ("asker-hello",)


def test_values_are_never_templates(folder: Folder) -> None:
    letter = loaded(folder({})).render("en", "asker-hello", {"name": "{{ 7 * 7 }}", "news": []})
    assert letter.subject == "Dear {{ 7 * 7 }}"


def test_a_missing_variable_is_an_error(folder: Folder) -> None:
    with pytest.raises(UndefinedError, match="name"):
        loaded(folder({})).render("en", "asker-hello", {"news": []})


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"en/asker-hello.txt": None}, "en", "missing"),
        ({"en/asker-hello.txt": "Subject: x\n\n{{ name }}\n"}, "en/asker-hello.txt", "another language uses it"),
        ({"en/asker-hello.txt": "Subject: x\n\n\n{{ name }\n"}, "en/asker-hello.txt", "line 4"),
        ({"en/asker-hello.txt": "Subject: {{ x\n\n\n"}, "en/asker-hello.txt", "line 1"),
        ({"en/asker-hello.txt": "Subject: x\n\n{{ name | nonsense }}\n"}, "en/asker-hello.txt", "nonsense"),
        ({"en/_footer.txt": "{% if %}\n"}, "en/_footer.txt", "line 1"),
        ({"en/asker-hello.txt": "Subject: x\n\n{% include '_none.txt' %}\n"}, "en/asker-hello.txt", "rendering failed"),
        ({"en/asker-hello.txt": "Subject: x\nSubject: y\n\n"}, "en/asker-hello.txt", "blank line"),
        ({"en/asker-hello.txt": "Hello\n\nx\n"}, "en/asker-hello.txt", "Subject: …"),
        ({"en/asker-hello.txt": "Subject: {{ name ~ '\\n' ~ name }}\n\n"}, "en/asker-hello.txt", "not one line"),
        ({"en/asker-hello.txt": "Subject: {{ '' }}\n\n"}, "en/asker-hello.txt", "not one line"),
        ({"en/asker-hello.txt": "Subject: x\n\n{{ name.__class__.mro() }}\n"}, "en/asker-hello.txt", "SecurityError"),
        ({"en/asker-hello.txt": "Subject: x\n\n{{ 1 / 0 }}\n"}, "en/asker-hello.txt", "ZeroDivisionError"),
        ({"en/asker-hello.txt": "Subject: x\n\n{{ naem }}\n"}, "en/asker-hello.txt", "naem"),
        ({"en/asker-hello.txt": "Subject: x\n\n{{ range(10) }}\n"}, "en/asker-hello.txt", "range"),
        ({"en/lonely.html": "x"}, "en/lonely.txt", "missing"),
        ({"en/words.toml": "[reason]\n"}, "en/words.toml", "reason.stranger"),
        ({"en/words.toml": "reason"}, "en/words.toml", "TOML"),
        ({"samples.toml": None}, "samples.toml", "cannot be read"),
        ({"samples.toml": ""}, "ja/asker-hello.txt", "sample"),
        ({"samples.toml": "asker-hello = 3"}, "ja/asker-hello.txt", "sample"),
        ({"samples.toml": "asker-hello = [3]"}, "ja/asker-hello.txt", "sample"),
        ({"samples.toml": '[[asker-hello]]\nname = "A"\n'}, "ja/asker-hello.txt", "news"),
    ],
)
def test_faults(folder: Folder, changes: dict[str, str | None], where: str, what: str) -> None:
    path = folder(changes)
    found = faults(path)
    assert any(fault.file == str(path / where) and what in str(fault) for fault in found), found


def test_all_faults_come_at_once(folder: Folder) -> None:
    found = faults(
        folder({"en/asker-hello.txt": "Hello\n", "ja/asker-hello.txt": "Subject: {{\n\n", "en/words.toml": ""})
    )
    assert {Path(fault.file).name for fault in found} >= {"asker-hello.txt", "words.toml"}
    assert len(found) >= 3


def test_a_language_without_a_folder_is_a_fault(folder: Folder) -> None:
    with pytest.raises(ConfigurationError, match="holds no templates"):
        load(folder({}), languages=["ja", "fr"])


def test_text_that_is_not_utf8_is_a_fault(folder: Folder) -> None:
    path = folder({})
    (path / "ja" / "asker-hello.txt").write_bytes("Subject: 件名\n\n".encode("cp932"))
    assert any("UTF-8" in str(fault) for fault in faults(path))


@pytest.mark.parametrize(
    "expression",
    [
        "'a' * 10**9",
        "10 ** 10 ** 10",
        "'%1000000000d' % 1",
        "'a'.ljust(10**9)",
        "'{:1000000000}'.format(1)",
        "name | center(1000000000)",
        "'%1000000000d' | format(1)",
        "name | safe",
        "news.append('x')",
        "name.__class__.__mro__",
        "words.__init__.__globals__",
        "self.__init__.__globals__",
        "lipsum(1000)",
    ],
)
def test_templates_can_neither_reach_out_nor_swell(folder: Folder, expression: str) -> None:
    faults(folder({"en/asker-hello.txt": f"Subject: x\n\n{{{{ name }}}}{{{{ news }}}}{{{{ {expression} }}}}\n"}))


def test_templates_cannot_change_what_they_are_given(folder: Folder) -> None:
    path = folder({"en/asker-hello.txt": "Subject: x\n\n{{ name }}{{ news.append('x') }}\n"})
    with pytest.raises(ConfigurationError, match=SecurityError.__name__):
        loaded(path)


def test_the_shipped_templates_load_and_no_line_is_too_long() -> None:
    templates = load(Path(__file__).parents[1] / "templates", languages=["ja", "en"])
    for name in templates.names:
        for language in ("ja", "en"):
            for sample in templates.samples[name]:
                letter = templates.render(language, name, sample)
                assert max(map(len, letter.text.split("\n"))) <= 100
                assert "\n\n\n" not in letter.text


PAGE: dict[str, str | None] = {
    "samples.toml": f'{GOOD["samples.toml"]}\n[["plan.html"]]\nname = "A"\n[["plan.svg"]]\nname = "A"\n',
    "pages/plan.html": "<p>{{ words.reason.stranger }} {{ name }}</p>{% include 'plan.svg' %}{% include '_end.html' %}",
    "pages/plan.svg": "<svg><title>{{ name }}</title></svg>",
    "pages/_end.html": "<hr />",
}


def test_a_page_has_one_form_and_the_words_of_each_language(folder: Folder) -> None:
    templates = loaded(folder(PAGE))
    assert templates.page("en", "plan.html", {"name": "<b>"}) == (
        "<p>a stranger &lt;b&gt;</p><svg><title>&lt;b&gt;</title></svg><hr />"
    )
    assert templates.page("ja", "plan.html", {"name": ""}).startswith("<p>知らない方 </p>")
    assert set(templates.pages) == {(each, page) for each in ("ja", "en") for page in ("plan.html", "plan.svg")}
    assert templates.names == ("asker-hello",)


def test_a_letter_may_include_a_piece_of_the_pages(folder: Folder) -> None:
    templates = loaded(folder(PAGE | {"ja/asker-hello.html": "{{ name }}{{ news | join }}{% include '_end.html' %}\n"}))
    assert templates.render("ja", "asker-hello", {"name": "<", "news": []}).html == "&lt;<hr />"


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"pages/plan.html": "{{ nmae }}"}, "pages/plan.html", "nmae"),
        ({"pages/plan.html": "x\n{{ name"}, "pages/plan.html", "line 2"),
        ({"pages/plan.html": "{{ words.reason.nobody }}{{ name }}"}, "pages/plan.html", "rendering failed"),
        ({"pages/plan.svg": "{% include 'none.svg' %}{{ name }}"}, "pages/plan.svg", "rendering failed"),
        ({"pages/_end.html": "{% if %}"}, "pages/_end.html", "line 1"),
        ({"samples.toml": GOOD["samples.toml"]}, "pages/plan.svg", 'put [["plan.svg"]]'),
        ({"pages/plan.svg": "{{ name.__class__.mro() }}"}, "pages/plan.svg", "SecurityError"),
    ],
)
def test_faults_of_pages_are_told_once(folder: Folder, changes: dict[str, str | None], where: str, what: str) -> None:
    path = folder(PAGE | changes)
    found = [fault for fault in faults(path) if fault.file == str(path / where)]
    assert any(what in str(fault) for fault in found), found
    assert len(found) == len(set(found))
