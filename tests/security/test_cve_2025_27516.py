"""Jinja2 CVE-2025-27516, OTRS CVE-2019-13458, FreeScout GHSA-q3fh: a customer's words are shown, never run."""

from __future__ import annotations

import pytest

from tests.flows.office import Office
from tests.security.people import acknowledged

WORDS = [
    "{{ 7 * 191 }}",
    "{% for x in y %}",
    "{{ desk_address.__class__ }}",
    "<script>alert(1)</script>",
    "<OTRS_CONFIG_x>",
    "%(x)s {0}",
]


@pytest.mark.parametrize("words", WORDS)
def test_words_stay_words(office: Office, words: str) -> None:
    letter = acknowledged(office, words, words)
    assert words in letter.subject
    assert words in letter.text
    assert "1337" not in letter.text
    question = next(each for each in office.sent if each.kind == "question")
    assert words in question.text
    assert {each.message.get_content_type() for each in office.sent} == {"text/plain"}
