"""Which mails does the demo send in, and what is the desk to make of each? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.mime.base import MIMEBase

from mailbot.cli.demo import people
from mailbot.cli.demo.writing import alternative, text, with_log, written
from mailbot.mail.message import Mailbox, Message


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail to send in. `about` says for people what is special in it; `expected` is the desk's decision.

    `sender` is the envelope's; `message_id` has no angle brackets.
    """

    key: str
    about: str
    sender: str
    recipient: str
    message_id: str
    raw: bytes
    expected: str


def questions(support: str, now: datetime) -> tuple[Sample, ...]:
    """What comes in first, in this order."""
    post = _Post(support, now)
    return (
        post.mail("ISO-2022-JP", "balance", people.YAMADA, _BALANCE, text(_BALANCE_TEXT, "iso-2022-jp")),
        post.mail("UTF-8 and HTML", "admin", people.SATO, _ADMIN, alternative(_ADMIN_TEXT, _ADMIN_HTML)),
        post.mail("English, a log", "recovery", people.CLARKE, _RECOVERY, with_log(_RECOVERY_TEXT, _RECOVERY_LOG)),
        post.mail("urgent", "down", people.YAMADA, _DOWN, text(_DOWN_TEXT, "iso-2022-jp")),
        post.mail(
            "a stranger",
            "visitor",
            people.STRANGER,
            _VISITOR,
            text(_VISITOR_TEXT, "utf-8"),
            expected="hold stranger",
        ),
        post.mail(
            "mailing list",
            "watchdog",
            people.NAKAMURA,
            _WATCHDOG,
            text(_WATCHDOG_TEXT, "iso-2022-jp"),
            sender=people.TEAM.address.replace("@", "-bounces@"),
            more=_LIST_FIELDS,
        ),
    )


def answer(acknowledgement: Message, now: datetime) -> Sample:
    """A person answers an acknowledgement, below the words of which the new ones stand."""
    post = _Post(acknowledgement.reply_to[0].address, now)
    quoted = "\n".join(f"> {line}".rstrip() for line in acknowledgement.text.splitlines())
    body = text(f"{_ANSWER_TEXT}\nOn {now:%d %b %Y}, {acknowledgement.from_[0].name} wrote:\n{quoted}\n", "utf-8")
    return post.mail(
        "a reply",
        "version",
        people.CLARKE,
        acknowledgement.subject,
        body,
        expected="append",
        more=_thread(acknowledgement),
    )


def vacation(acknowledgement: Message, now: datetime) -> Sample:
    """A machine answers an acknowledgement; answering it would go on for ever (RFC 3834 §2)."""
    post = _Post(acknowledgement.reply_to[0].address, now)
    return post.mail(
        "auto-reply",
        "vacation",
        people.SATO,
        f"自動応答: {acknowledgement.subject}",
        text(_VACATION_TEXT, "utf-8"),
        sender="",
        expected="ignore automatic",
        more={"Auto-Submitted": "auto-replied", **_thread(acknowledgement)},
    )


def by_hand(support: str) -> bytes:
    """A mail for people to change and send; a mail program would add Date and Message-ID."""
    return written(
        people.CLARKE,
        Mailbox("", support),
        _HAND,
        text(_HAND_TEXT, "us-ascii"),
        {},
    )


@dataclass(frozen=True, slots=True)
class _Post:
    to: str
    now: datetime

    def mail(
        self,
        about: str,
        key: str,
        writer: Mailbox,
        subject: str,
        body: MIMEBase,
        *,
        sender: str | None = None,
        expected: str = "open",
        more: Mapping[str, str] | None = None,
    ) -> Sample:
        message_id = f"{key}.{self.now:%Y%m%d%H%M%S}@{writer.address.partition('@')[2]}"
        fields = {"Message-ID": f"<{message_id}>", **(more or {})}
        raw = written(writer, Mailbox("", self.to), subject, body, fields, date=self.now)
        return Sample(key, about, writer.address if sender is None else sender, self.to, message_id, raw, expected)


def _thread(answered: Message) -> dict[str, str]:
    return {
        "In-Reply-To": f"<{answered.message_id}>",
        "References": " ".join(f"<{each}>" for each in (*answered.references, answered.message_id)),
    }


_LIST_FIELDS = {
    "Sender": people.TEAM.address.replace("@", "-bounces@"),
    "Precedence": "list",
    "List-Id": f"<{people.TEAM_LIST_ID}>",
    "List-Post": f"<mailto:{people.TEAM.address}>",
}

_BALANCE = "pgpool-II 4.5.4 の負荷分散について"
_BALANCE_TEXT = """\
いつもお世話になっております。みどり商事の山田です。

pgpool-II 4.5.4 で load_balance_mode = on としていますが、参照のみの
クエリもすべてプライマリに振り分けられます。
primary_routing_query_pattern_list のほかに、確認すべき設定があれば
ご教示ください。

環境: RHEL 9.4、PostgreSQL 16.4、pgpool-II 4.5.4（2 台、watchdog 構成）

よろしくお願いいたします。
--
株式会社みどり商事　情報システム部　山田 花子
"""

_ADMIN = "pgpoolAdmin 4.2 のインストール手順"
_ADMIN_TEXT = """\
みどり商事の佐藤です。

pgpoolAdmin 4.2 を Ubuntu 22.04 に入れたところ、ログイン画面の後が
真っ白になります。PHP 8 で必要な追加の設定はありますでしょうか。

佐藤
"""
_ADMIN_HTML = """\
<html><body>
<p>みどり商事の佐藤です。</p>
<p><b>pgpoolAdmin 4.2</b> を Ubuntu 22.04 に入れたところ、ログイン画面の後が
真っ白になります。<br>PHP 8 で必要な追加の設定はありますでしょうか。</p>
<p>佐藤</p>
</body></html>
"""

_RECOVERY = "Standby stays detached after online recovery"
_RECOVERY_TEXT = """\
Hello,

after pcp_recovery_node has finished, SHOW POOL_NODES still lists our standby
as "down", and we have to attach it by hand. Which setting do we miss?
The log of this morning is attached.

Kind regards,
Emma Clarke
Harbor Logistics Ltd.
"""
_RECOVERY_LOG = """\
09:12:40: recovery LOG: 1st stage is done
09:12:41: recovery LOG: checking if postmaster is started
09:13:11: recovery ERROR: recovery is checking if postmaster is started
"""

_DOWN = "【緊急】本番環境の pgpool-II が起動しません"
_DOWN_TEXT = """\
みどり商事の山田です。緊急のご連絡です。

本番環境の pgpool-II 4.5.4 がクラッシュし、全ユーザが受注システムを
利用できない状態です。基幹業務であり、ミッションクリティカルです。
3 回再起動しましたが、起動の直後に異常終了します。

至急ご対応をお願いいたします。携帯: 090-0000-0000
"""

_VISITOR = "pgpool-II の使い方"
_VISITOR_TEXT = """\
はじめまして。pgpool-II のフェイルオーバーの設定方法を教えてください。

林
"""

_WATCHDOG = "[pgpool-team 142] watchdog の優先順位"
_WATCHDOG_TEXT = """\
中村です。基盤チームの共有アドレスから質問いたします。

pgpool-II 4.4.7 の watchdog で、wd_priority の大きいノードが復帰しても
リーダーが戻りません。仕様でしょうか。
"""

_ANSWER_TEXT = """\
It is pgpool-II 4.4.7 on RHEL 8.10, with PostgreSQL 15.8.
The recovery script is the sample of the documentation.

Emma
"""

_VACATION_TEXT = """\
佐藤は 24 日まで休暇をいただいております。
戻りましたら、ご連絡いたします。
"""

_HAND = "How many children does pgpool-II need?"
_HAND_TEXT = """\
Hello,

we run pgpool-II 4.4.7 with 200 clients. How should num_init_children be set?

Emma Clarke
"""
