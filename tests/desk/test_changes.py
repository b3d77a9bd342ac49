"""What is understood of a mail that asks for a change of what is registered, and what is left to a person (S25)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mailbot import rules
from mailbot.desk.changes import (
    Doing,
    MachineStep,
    PersonStep,
    Role,
    State,
    Understood,
    after,
    alike,
    before,
    from_json,
    in_order,
    key,
    own_address,
    to_json,
)
from mailbot.desk.changetext import understood
from mailbot.desk.contract import Equipment
from mailbot.mail.message import Mailbox
from mailbot.rules import Rules

YAMADA, ANN = Mailbox("山田 太郎", "yamada@a.example"), Mailbox("Ann Archer", "ann@a.example")
TANAKA = Mailbox("田中 一郎", "tanaka@a.example")
DB1 = Equipment("db1", "RHEL 8.9", "pgpool-II 4.4.3, PostgreSQL 15.4")
STATE = State((YAMADA, ANN), (TANAKA,), (DB1,), YAMADA.address)
Y, A, T = "山田 太郎 <yamada@a.example>", "Ann Archer <ann@a.example>", "田中 一郎 <tanaka@a.example>"
SUZUKI = "鈴木 花子 <suzuki@a.example>"
BOB = "Bob Brown <bob@a.example>"


@pytest.fixture(scope="module")
def loaded() -> Rules:
    return rules.load(Path(__file__).parents[2] / "rules")


def read(loaded: Rules, text: str, *, subject: str = "", state: State = STATE, quoted: str = "") -> Understood:
    whole = f"{text}\n{quoted}" if quoted else text
    return understood(subject, text, whole, state, loaded.changes, loaded.scope)


def told(found: Understood) -> list[str]:
    return [f"{key(step)}: {before(step)} → {after(step)}" for step in found.steps]


# ruff: noqa: E501 - a line a case
SENTENCES = [
    ("質問担当者を山田から鈴木 花子 <suzuki@a.example> に変更してください", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("質問担当者を山田様から鈴木花子様(suzuki@a.example)へ変更願います。", ["asker-replace: " + Y + " → 鈴木花子 <suzuki@a.example>"]),
    ("お手数をおかけして申し訳ありませんが、質問担当者を山田から鈴木 花子 <suzuki@a.example> に変更していただけないでしょうか。", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("Could you please replace Ann with Bob Brown <bob@a.example>?", [f"asker-replace: {A} → {BOB}"]),
    ("質問者を 山田 太郎 から 鈴木 花子（suzuki@a.example）に交代します。", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("山田の後任は鈴木 花子 <suzuki@a.example> です。", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("山田に代わり、鈴木 花子 <suzuki@a.example> が担当します。", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("山田が退職するため、質問担当者を鈴木 花子 <suzuki@a.example> に変更してください。", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("yamada@a.example → 鈴木 花子 <suzuki@a.example>", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("契約担当者を田中から佐藤 次郎 <sato@a.example> に変更してください。", [f"contact-replace: {T} → 佐藤 次郎 <sato@a.example>"]),
    ("契約担当者を佐藤 次郎 <sato@a.example> に変更してください。", [f"contact-replace: {T} → 佐藤 次郎 <sato@a.example>"]),
    ("鈴木 花子 <suzuki@a.example> を質問担当者に追加してください。", [f"asker-add:  → {SUZUKI}"]),
    ("質問担当者として鈴木 花子 <suzuki@a.example> を追加登録してください。", [f"asker-add:  → {SUZUKI}"]),
    ("質問担当者の追加をお願いします。\n\n新: 鈴木 花子 <suzuki@a.example>", [f"asker-add:  → {SUZUKI}"]),
    ("Ann Archer を質問担当者から削除してください。", [f"asker-remove: {A} → "]),
    ("Ann さんの登録を抹消してください。", [f"asker-remove: {A} → "]),
    ("メールアドレスが yamada@a.example から yamada@b.example に変わりました。", [f"asker-edit: {Y} → 山田 太郎 <yamada@b.example>"]),
    ("このたび、メールアドレスが yamada@b.example に変更になりました。", [f"asker-edit: {Y} → 山田 太郎 <yamada@b.example>"]),
    ("Ann のメールアドレスが archer@b.example に変わりました。", [f"asker-edit: {A} → Ann Archer <archer@b.example>"]),
    ("メールアドレス変更のお知らせ\n旧アドレス：yamada@a.example\n新アドレス：yamada@b.example", [f"asker-edit: {Y} → 山田 太郎 <yamada@b.example>"]),
    ("田中のメールアドレスが tanaka@b.example に変わりました。", [f"contact-edit: {T} → 田中 一郎 <tanaka@b.example>"]),
    ("担当者の変更をお願いします。\n旧担当者: 山田\n新担当者: 鈴木 花子 <suzuki@a.example>", [f"asker-replace: {Y} → {SUZUKI}"]),
    ("Ann の姓が Baker に変わりました。", [f"asker-edit: {A} → Baker <ann@a.example>"]),
    ("Please replace Ann Archer with Bob Brown <bob@a.example>.", [f"asker-replace: {A} → {BOB}"]),
    ("Hello,\n\nplease replace Ms. Archer by Mr. Bob Brown\n(bob@a.example) as our asker.\n\nThanks", [f"asker-replace: {A} → {BOB}"]),
    ("Please change the asker from Ann Archer to Bob Brown <bob@a.example>.", [f"asker-replace: {A} → {BOB}"]),
    ("Bob Brown <bob@a.example> will replace Ann.", [f"asker-replace: {A} → {BOB}"]),
    ("Please add Bob Brown <bob@a.example> as a registered asker.", [f"asker-add:  → {BOB}"]),
    ("Please remove Ann Archer from the list of askers.", [f"asker-remove: {A} → "]),
    ("Ann Archer has left the company.", [f"asker-remove: {A} → "]),
    ("Ann's new address is archer@b.example", [f"asker-edit: {A} → Ann Archer <archer@b.example>"]),
    ("Our new address is taro@b.example.", [f"asker-edit: {Y} → 山田 太郎 <taro@b.example>"]),
    ("My e-mail address has changed from yamada@a.example to taro@b.example.", [f"asker-edit: {Y} → 山田 太郎 <taro@b.example>"]),
    ("Before: Ann Archer\nAfter: Bob Brown <bob@a.example>", [f"asker-replace: {A} → {BOB}"]),
    ("pgpool-II upgraded to 4.5.2 on host db1, RHEL 9.4", ["machine-edit: db1: RHEL 8.9, pgpool-II 4.4.3, PostgreSQL 15.4 → db1: RHEL 9.4, pgpool-II 4.5.2, PostgreSQL 15.4"]),
    ("ホスト名: db2\nOS: Ubuntu 22.04\nバージョン: pgpool-II 4.5.2", ["machine-add:  → db2: Ubuntu 22.04, pgpool-II 4.5.2"]),
    ("OS を RHEL 8.9 から RHEL 9.4 に変更しました。", ["machine-edit: db1: RHEL 8.9, pgpool-II 4.4.3, PostgreSQL 15.4 → db1: RHEL 9.4, pgpool-II 4.4.3, PostgreSQL 15.4"]),
    ("サーバ web-02 を増設しました（Ubuntu 24.04、pgpool-II 4.5.2）。", ["machine-add:  → web-02: Ubuntu 24.04, pgpool-II 4.5.2"]),
    ("db1 を廃止しました。", ["machine-remove: db1: RHEL 8.9, pgpool-II 4.4.3, PostgreSQL 15.4 → "]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "steps"), SENTENCES, ids=[text[:40] for text, _ in SENTENCES])
def test_usual_forms_are_understood(loaded: Rules, text: str, steps: list[str]) -> None:
    found = read(loaded, text)
    assert told(found) == steps
    assert found.unclear == ()


UNCLEAR = [
    "質問担当者を追加してください: suzuki@a.example",  # S5: nobody is named
    "質問担当者を変更してください。",
    "鈴木 花子 <suzuki@a.example> と 佐藤 次郎 <sato@a.example> を追加してください。",  # half of it
    "佐藤から鈴木 花子 <suzuki@a.example> に変更してください。",  # 佐藤 is nobody
    "佐藤のメールアドレスが sato@b.example に変わりました。",  # not the writer's
    "旧: other@a.example\n新: yamada@b.example",
    "鈴木 花子 <suzuki@exаmple.com> を追加してください。",  # a Cyrillic а
    "Please change our asker.",
    "Please do not remove Ann Archer.",
    "Ann Archer の削除は不要です。",
    "db1 の pgpool-II 4.4.3 を停止し、PostgreSQL 16.1 に移行しました。",
    "Ann Archer から Bob Brown <bob@a.example> への変更を取り消してください。",
    "Please cancel the request to replace Ann with Bob Brown <bob@a.example>.",
    "質問担当者を鈴木 花子 <suzuki@a.example> に変更してください。",  # of two, which?
    "担当者の変更をお願いします。\n新担当者: 鈴木 花子 <suzuki@a.example>",
    "メールアドレス変更のお知らせ\n新: 鈴木 花子 <suzuki@a.example>",  # not the writer's name
]


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_not_understood_is_told(loaded: Rules, text: str) -> None:
    found = read(loaded, text)
    assert found.unclear
    assert "佐藤 次郎" in text or found.steps == ()


def test_half_of_a_sentence_is_not_taken_for_all_of_it(loaded: Rules) -> None:
    found = read(loaded, "Please add Bob Brown <bob@a.example>. Also, X <x@a.example> and Y <y@a.example> should go.")
    assert told(found) == [f"asker-add:  → {BOB}"]
    assert len(found.unclear) == 1


@pytest.mark.parametrize(
    "text",
    [
        "質問担当者を佐藤から鈴木に変更してください。",
        "Please replace Sato with Bob Brown <bob@a.example>.",
        "佐藤さんのメールアドレスが sato@b.example に変わりました。",
        "いつもお世話になっております。",
        "Thank you for your help, the problem is solved.",
        "新: \n旧: ",
    ],
)
def test_nobody_is_guessed(loaded: Rules, text: str) -> None:
    assert read(loaded, text).steps == ()


def test_one_person_in_two_roles_changes_the_address_in_both(loaded: Rules) -> None:
    state = State((YAMADA,), (YAMADA,), (), YAMADA.address)
    found = read(loaded, "私のメールアドレスが taro@b.example に変わりました。", state=state)
    assert [key(step) for step in found.steps] == ["asker-edit", "contact-edit"]


@pytest.mark.parametrize(
    "text",
    [
        "質問担当者を鈴木 花子 <suzuki@a.example> に変更してください。",
        "担当者の変更をお願いします。\n新担当者: 鈴木 花子 <suzuki@a.example>",
        "【質問担当者】\n変更の種類: 変更\n新しい氏名: 鈴木 花子\n新しいメールアドレス: suzuki@a.example",
    ],
)
def test_the_only_asker_needs_no_name(loaded: Rules, text: str) -> None:
    state = State((YAMADA,), (TANAKA,), (), TANAKA.address)
    assert told(read(loaded, text, state=state)) == [f"asker-replace: {Y} → {SUZUKI}"]


def test_of_two_with_one_name_nobody_is_chosen(loaded: Rules) -> None:
    state = State((YAMADA, Mailbox("山田 次郎", "jiro@a.example")), (), (), YAMADA.address)
    text = "質問担当者を山田から鈴木 花子 <suzuki@a.example> に変更してください"
    assert read(loaded, text, state=state).steps == ()
    whole = read(loaded, text.replace("山田", "山田次郎"), state=state)
    assert told(whole) == [f"asker-replace: 山田 次郎 <jiro@a.example> → {SUZUKI}"]


def test_what_is_registered_already_is_not_asked_for(loaded: Rules) -> None:
    assert read(loaded, "Please add Ann Archer <ann@a.example>.").steps == ()


QUOTED_FORM = """
> Contract number: C-001
>
> [Asker]
> Kind of change: change
> Current name: Ann Archer
> Current e-mail address:
> New name: Bob Brown
> New e-mail address: bob@a.example
>
> [Equipment]
> Kind of change: remove
> Host name: DB1
"""


def test_a_form_may_be_filled_in_between_its_quoted_lines(loaded: Rules) -> None:
    found = read(loaded, "Please see below.", quoted=QUOTED_FORM)
    assert told(found) == [
        "machine-remove: db1: RHEL 8.9, pgpool-II 4.4.3, PostgreSQL 15.4 → ",
        f"asker-replace: {A} → {BOB}",
    ]


def test_an_empty_form_asks_for_nothing(loaded: Rules) -> None:
    empty = "\n".join(line.partition(":")[0] + ":" for line in QUOTED_FORM.split("\n"))
    assert read(loaded, "Sorry, later.", quoted=empty) == Understood((), (), form_wanted=False)


def test_our_own_letter_quoted_asks_for_nothing(loaded: Rules) -> None:
    quoted = "> 質問担当者の交代\n>   変更前: 山田 太郎 <yamada@a.example>\n>   変更後: 鈴木 花子 <suzuki@a.example>"
    assert read(loaded, "ありがとうございました。", quoted=quoted).steps == ()


def test_several_people_on_one_form(loaded: Rules) -> None:
    part = "新しい氏名: {}\n新しいメールアドレス: {}\n"
    text = "【質問担当者】\n" + part.format("鈴木 花子", "suzuki@a.example") + part.format("Bob Brown", "bob@a.example")
    assert told(read(loaded, text)) == [f"asker-add:  → {SUZUKI}", f"asker-add:  → {BOB}"]


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [
        ("", "変更届の用紙を送ってください。", True),
        ("", "Please send me the form.", True),
        ("申請書の送付依頼", "よろしくお願いします。", True),
        ("Re: 申請書の送付依頼", "よろしくお願いします。", False),  # an answer: a person must see it
        ("", "We hereby inform you of a platform change.", False),
        ("", "Please send the form, or just add Bob Brown <bob@a.example>.", False),
    ],
)
def test_who_asks_for_the_form(loaded: Rules, subject: str, text: str, wanted: bool) -> None:
    assert read(loaded, text, subject=subject).form_wanted is wanted


PIECES = [
    "からに変更", "replace a with b ", "change a from b to c ", "質問担当者を", "x@y.zz から 山田 に変更 ",
    "as the list of askers from our ", "a@b.cc <", "yamada@a.example → ", "pgpool-II 4 on host db2 ", "旧: ", "@", "(", ">",
    "\n新: 山田 <yamada@b.example> に変更",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("width", [60, 400, 1_000_000])
def test_no_text_holds_up_the_desk(loaded: Rules, piece: str, width: int) -> None:
    text = piece * (500_000 // len(piece))
    lines = "\n".join(text[at : at + width] for at in range(0, len(text), width))
    began = time.process_time()
    read(loaded, lines, subject=text[:1000])
    assert time.process_time() - began < 2  # attack row 19; 0.2 s at most were measured


def test_what_is_too_long_to_be_read_is_told(loaded: Rules) -> None:
    found = read(loaded, "Please add Bob Brown <bob@a.example>." + "\n" * 250 + "Please remove Ann Archer.")
    assert told(found) == [f"asker-add:  → {BOB}"]
    assert found.unclear == ("Please remove Ann Archer.",)
    many = "\n\n".join(f"Please add Bob Brown <bob{number}@a.example>." for number in range(40))
    assert read(loaded, many).steps == ()  # nobody can check so many


STEPS = (
    PersonStep(Role.ASKER, Doing.REPLACE, YAMADA, ANN, "one"),
    PersonStep(Role.CONTACT, Doing.REMOVE, TANAKA, None, "two"),
    MachineStep(Doing.ADD, None, DB1, "three"),
)


def test_steps_are_kept_as_they_are() -> None:
    assert from_json(to_json(STEPS)) == STEPS


def test_what_sets_a_seat_free_comes_first_and_nothing_twice() -> None:
    again = PersonStep(Role.ASKER, Doing.REPLACE, YAMADA, ANN, "other words")
    assert in_order([*STEPS, again]) == (STEPS[1], STEPS[0], STEPS[2])
    assert alike(STEPS, [*STEPS[:2], MachineStep(Doing.ADD, None, DB1, "again")])
    assert not alike(STEPS, STEPS[:2])


def test_whose_own_address_is_moved_is_known() -> None:
    moved = PersonStep(Role.ASKER, Doing.EDIT, ANN, Mailbox("Ann Archer", "x@b.example"))
    assert own_address([moved], ANN.address)
    assert not own_address([moved], YAMADA.address)
    assert not own_address([PersonStep(Role.ASKER, Doing.EDIT, ANN, Mailbox("Ann Baker", ANN.address))], ANN.address)
