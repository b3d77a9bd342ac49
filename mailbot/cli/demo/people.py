"""Who appears in the demo: three customers of the worked example, the desk's staff, and a stranger. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.desk.contract import Language
from mailbot.mail.message import Mailbox

# All addresses stand under .example, which nobody can own (RFC 2606 §2).
YAMADA = Mailbox("山田 花子", "yamada@midori.example")
SATO = Mailbox("佐藤 健", "sato@midori.example")
CLARKE = Mailbox("Emma Clarke", "emma@harbor.example")
NAKAMURA = Mailbox("中村 誠", "nakamura@aozora.example")
STRANGER = Mailbox("林 太郎", "taro@visitor.example")
TEAM = Mailbox("基盤チーム", "pgpool-team@aozora.example")
TEAM_LIST_ID = "pgpool-team.aozora.example"


@dataclass(frozen=True, slots=True)
class Customer:
    """A contract to be registered: who may ask under it, and the list of the mailing-list option with its List-Id."""

    number: str
    name: str
    menu: str
    language: Language
    cluster: str
    askers: tuple[Mailbox, ...]
    mailing_list: tuple[Mailbox, str] | None


CONTRACTS = (
    Customer(
        "PG-1001",
        "株式会社みどり商事",
        "premium",
        "ja",
        "受注システム（pgpool-II 4.5.4 を 2 台、watchdog 構成）",
        (YAMADA, SATO),
        None,
    ),
    Customer(
        "PG-1002",
        "Harbor Logistics Ltd.",
        "business",
        "en",
        "Tracking database (one pgpool-II server, two PostgreSQL servers)",
        (CLARKE,),
        None,
    ),
    Customer(
        "PG-1003",
        "あおぞらシステムズ株式会社",
        "business",
        "ja",
        "予約サイト（pgpool-II 4.4 を 3 台、watchdog 構成）",
        (),
        (TEAM, TEAM_LIST_ID),
    ),
)

STAFF: tuple[tuple[Mailbox, Language], ...] = (
    (Mailbox("鈴木 一郎", "suzuki@staff.example"), "ja"),
    (Mailbox("Alice Morgan", "alice@staff.example"), "en"),
)
