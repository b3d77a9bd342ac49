"""Does a text hold one of these phrases, however it is written and wrapped?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.desk.phrases import group, phrase, plain


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        pytest.param("urgent", "This is URGENT!", True, id="case"),
        pytest.param("urgent", "ＵＲＧＥＮＴ", True, id="full width"),
        pytest.param("urgent", "insurgents", False, id="inside a word"),
        pytest.param("urgent", "urgently", False, id="longer word"),
        pytest.param("urgent", "not_urgent", False, id="part of a name"),
        pytest.param("urgent", "urgents and urgent", True, id="the second time"),
        pytest.param("urgent", "とてもurgentです", True, id="between kana"),
        pytest.param("crash*", "it CRASHED", True, id="open end"),
        pytest.param("crash*", "gatecrash", False, id="open end, start inside a word"),
        pytest.param("wd_*", "set wd_port here", True, id="short open word"),
        pytest.param("a*", "an apple", True, id="very short open word"),
        pytest.param("no longer work*", "it no\n longer works", True, id="over a line break"),
        pytest.param("can't use", "we can’t use it", True, id="typographic apostrophe"),
        pytest.param("本番環境", "本番\n環境で", True, id="wrapped Japanese"),
        pytest.param("本番環境", "本番 環境", True, id="spaced Japanese"),
        pytest.param("本番 環境", "本番環境", True, id="phrase spaced"),
        pytest.param("フェイルオーバー", "ﾌｪｲﾙｵｰﾊﾞｰ", True, id="half-width kana"),
        pytest.param("緊急度:低", "緊急度：低", True, id="full-width colon"),
        pytest.param("urgentではない", "URGENT ではない", True, id="mixed"),
        pytest.param("pgpool.conf", "in pgpool.conf.", True, id="punctuation inside"),
        pytest.param("pcp_*", "pcp_attach_node", True, id="part of a command"),
        pytest.param("緊急", "急緊", False, id="other order"),
        pytest.param("not urgent", "", False, id="empty text"),
    ],
)
def test_found(written: str, text: str, found: bool) -> None:
    phrases = group([phrase(written)])
    assert (phrases.first(plain(text)) is not None) is found


def test_the_longest_is_named() -> None:
    phrases = group([phrase("緊急"), phrase("緊急停止"), phrase("go")])
    assert phrases.first(plain("go: 緊急停止")) == "緊急停止"


@pytest.mark.parametrize("written", ["", "*", " ", "\n"])
def test_an_empty_phrase_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        phrase(written)


LETTERS = st.text(alphabet="abc本番ハ _-*'　\n", max_size=12)


@given(written=st.lists(LETTERS.filter(lambda text: text.strip("* 　\n")), max_size=6), text=LETTERS)
def test_ruling_out_loses_nothing(written: list[str], text: str) -> None:
    """The group finds a phrase exactly when a plain search for each phrase does."""
    phrases = [phrase(one) for one in written]
    prepared = plain(text)
    found = {one.text for one in phrases if one.find(prepared.text) >= 0}
    named = group(phrases).first(prepared)
    assert named in found or (named is None and not found)
    assert len(named or "") == max(map(len, found), default=0)


@given(st.text(max_size=300))
def test_white_space_is_evened_out(text: str) -> None:
    prepared = plain(text).text
    assert not {"\n", "\r", "\t"} & set(prepared)
    assert "  " not in prepared
