"""Does a word that turns another around (not, until, for a minute, after the plan) turn it in the verdict? (S20)"""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.desk.urgency import UrgencyRules, assess
from mailbot.rules import load

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules() -> UrgencyRules:
    return load(PROJECT / "rules").urgency


@pytest.mark.parametrize(
    "text",
    [
        "Production hangs, nobody can connect. Has this bug been fixed in 4.6?",
        "Production hangs, nobody can connect. A similar bug was fixed in 4.5.3, the release notes say.",
        "Production hangs. Please tell us when the service is back to normal on your side.",
        "pgpool in production hangs and nobody can work. Please stay on the line until it is working again.",
        "Production is down, pgpool crashes. We restarted it, but nothing is working again.",
        "The network came back after the power loss. pgpool does not start in production and orders are stopped.",
        "本番に正常に接続できません。pgpool が応答しません。",
        "本番環境の pgpool がハングし、業務が影響を受けております。",
        "本番環境で現在は動作しておりません。pgpool がクラッシュします。",
        "本番環境が停止しています。使えるようになりましたらご連絡します。pgpool はハングしたままです。",
        "本番のpgpoolがハングしています。復旧し次第、原因を調べます。",
        "昨日まで本番は正常に動いていたが今朝からpgpoolがハングし接続できません。",
        "昨日まで本番は安定していたのに今朝からハングして誰も接続できません。",
        "Production was fine until this morning and now pgpool hangs, nobody can log in.",
        "Everything worked fine until 8:00 and since then pgpool crashes in production.",
        "Our production has never been so slow, queries never return and customers cannot pay.",
        'Customers write: "your site is down, we cannot order". pgpool hangs in production.',
        "お客様から「サイトに接続できない」との連絡が相次いでいます。本番のpgpoolがハングしています。",
        "It turned out that pgpool is the reason: production is down, it hangs on every start.",
        "結局、本番のpgpoolは復旧せず、ハングしたままで接続できません。",
        "We need production up again before 9. pgpool crashes at start.",
        "Without your help we won't get production running again. pgpool crashes at start, all branches are offline.",
        "No users are able to log in to production, pgpool hangs.",
        "Not one customer can order. pgpool hangs.",
        "None of our users can log in, pgpool crashes on start. Production.",
        "Production: nothing is fine here. pgpool hangs and we cannot work.",
        "A planned update went wrong: production is down, pgpool crashes on every start.",
        "We had a scheduled maintenance last night. Since then pgpool hangs in production and nobody can connect.",
        "定期点検後から本番のpgpoolが起動せず、業務が停止しています。",
        "計画停電の復電後、本番環境のpgpoolが起動しません。業務が止まっています。",
        "The shop will be down until you help us: pgpool crashes in production on each start.",
        "I assume pgpool has crashed in production. Nobody can connect.",
        "We assume a bug. Production is down, pgpool hangs.",
        "Staging is stable. Production is not stable: pgpool crashes every minute, clients cannot connect.",
        "本番環境が不安定しており、pgpoolが何度もクラッシュし接続できません。",
        "Laboratory results cannot be read, pgpool hangs, the hospital waits.",
        "復旧の見込みが立っていません。本番のpgpoolがハングし全社で使えません。",
        "本番の障害は解消しておらず、接続できないままです。ハングします。",
        "The standby is up and running, but the primary in production hangs; nobody can write.",
        "Standby is up and running. Production primary hangs; nobody can write.",
        "pgpool hangs, orders are stopped. In production everything was OK as usual yesterday.",
        "In order to sell we need the database: production is down, pgpool crashes. No order can be placed.",
        "データは壊れていませんが、本番のpgpoolがハングし、受注が止まっています。",
        "Users complain that production does not respond. All pgpool processes are busy and hang.",
        "I cannot say when it will be fixed. Production hangs and all branches are offline.",
        "本番環境でクラッシュが続いています。安定して動く設定を至急教えてください。業務が止まっています。",
        "本番のpgpoolがハングしています。以前は通常どおり動作していました。お客様が注文できません。",
        "Our customers' complaints are piling up, checkout does not work, pgpool times out.",
        "We can't wait for the release that resolved it. Production is down, pgpool crashes.",
        "Does anyone know how we get it working again? pgpool hangs, the tills are offline.",
        "It worked again for ten minutes after your change. Now it hangs in production as before, nobody can connect.",
        "It worked again for ten minutes after your change, then production went down again.",
        "Only after a restart it is back to normal for two minutes, then production hangs. Nobody can work.",
        "本番がハングしており、来週の決算に間に合いません。",
        "Since the scheduled maintenance last night production is down, pgpool hangs.",
        "After yesterday's planned outage pgpool crashes at every start in production.",
        "計画停止の作業後、本番のpgpoolがハングします。",
        "The go-live is today and production hangs. Next week would be too late.",
        "pgpool in production hangs; the vendor says it will be fixed in the next release. Nobody can work.",
        "We were told that it is fixed, but production crashes and nobody can log in.",
        "A restart solved it yesterday. Today production hangs again and no restart helps.",
        "再起動で昨日は解消しましたが、本日また本番がハングし、業務が止まっています。",
        "本番が復旧したと思われましたが、ハングしており接続できません。",
        "We thought it was resolved. Production is down, pgpool crashes on each start.",
        "Support told us it is resolved. It is not. Production is down and hangs.",
        "The first node is back. Production still hangs and users cannot connect.",
        "Database server was restored. pgpool crashes in production, the web shop cannot take orders.",
        "DBサーバは復旧しました。しかし本番のpgpoolがクラッシュし、注文が受けられません。",
        "停電から復旧しました。本番のpgpoolが起動せず、業務ができません。",
        "No problem with staging. pgpool hangs in production, customers cannot log in.",
        "PostgreSQL is fine, network is fine, only pgpool hangs: nobody can connect in production.",
        "PostgreSQLは正常です。本番のpgpoolがハングし、店舗のレジが使えません。",
        "PostgreSQL 側は安定して稼働しております。本番環境の pgpool 経由でのみ接続できません。業務が止まっています。",
        "本番環境のPostgreSQLは正常に動作していますが、pgpool経由では接続できません。",
        "Production PostgreSQL is fine. pgpool does not answer and the tills cannot book.",
        "Everything works when we go directly to PostgreSQL. Through pgpool production hangs and users cannot work.",
        "Direct connections work as usual, pgpool hangs, production, our branches cannot pay out.",
        'Another company has the same bug. Our production hangs, our customers call: "we cannot pay".',
        "記事にあるのと同じ事象で、本番のpgpoolがハングし「サービスに接続できない」と利用者から苦情が来ています。",
        "Please close this ticket's twin; this one is alive: production hangs and nobody can connect.",
        "Which order of restart brings it back? Production is down, hangs, nobody can log in.",
        "どの順番で起動すればよいですか。本番が停止し、pgpoolがハングして業務ができません。",
        "How do we get production up again? All branches are offline, pgpool crashes.",
        "障害報告書は後日で結構です。本番のpgpoolがハングし、接続できません。",
        "本番でpgpoolがハングしています。業務影響はまだありませんが、あと1時間で開店です。",
        "pgpool crashes in production. No users are affected yet at night, but at 7 the branches open and cannot work.",
        "Half the users are not affected. The other half cannot log in to production, pgpool hangs.",
        "本番のpgpoolがハング。半数の利用者に影響はありませんが、残りは接続できません。",
        "It's working again for some, production hangs for most of our customers.",
        "Production recovered and crashed again. Nobody can connect.",
        "The service resumed at 9 and went down at 9:05, production, pgpool hangs.",
        "9時に復旧、9時5分に再度停止しました。本番のpgpoolがハングします。",
        "復旧作業を続けておりますが、本番のpgpoolがクラッシュし起動できません。",
        "The lab is fine, production not: pgpool hangs, nobody can work.",
        "We are running on paper, production pgpool hangs, everything is as usual in the test system.",
        "During the release production pgpool crashed, and we cannot start it. Shop closed.",
        "In the laboratory of our hospital nobody can see results; pgpool hangs.",
        "Users of the laboratory system cannot log in to production, pgpool crash loop.",
        "リリース前は正常でしたが、リリース後に本番のpgpoolがハングし接続できません。",
        "リリース前の状態に戻しても、pgpoolがハングし、業務が止まっています。",
        "The scheduled batch is stuck, pgpool hangs in production, payroll stops.",
        "Payroll is scheduled for noon, pgpool hangs in production and nobody can log in.",
        "The match is scheduled to begin at 8 and ticket sales are down, pgpool crashes in production.",
        "pgpool in production hangs. After a restart it works again for five minutes.",
        "本番のpgpoolがハングしています。再起動すると数分間は使えるようになります。",
        "本番のpgpoolがハングしています。再起動で一時的に復旧しました。",
        "pgpool crashes in production. It came back only to crash a minute later.",
        "pgpool crashes in production. Restarts solved it for a while.",
    ],
)
def test_what_sounds_well_but_is_turned_around_holds_nothing_back(rules: UrgencyRules, text: str) -> None:
    urgency = assess("", text, rules)
    assert urgency.urgent, urgency.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Production crashed this morning; when we restarted pgpool it came back. What was the reason?",
        "We did not change anything and it recovered by itself. Production had crashed. What can be the reason?",
        "pgpool crashed in staging. Production remains stable and is not touched by this.",
        "ステージングでpgpoolがクラッシュします。本番は順調に稼働しております。",
        "No customers were affected when a child of pgpool segfaulted in production last night; it was replaced.",
        "他社のブログに「本番でpgpoolがハングし復旧できない」とありました。対策はありますか。",
        'An article says "pgpool hangs in production and data is lost". Does this apply to 4.5?',
        "On Saturday the production system will be offline from 22:00 to 02:00. Which order of stopping?",
        "土曜に本番環境を停止します。どの順番で止めるべきでしょうか。",
        "Production crashed at 9:00. Everything is working again since 9:20. Logs attached.",
        "本番のpgpoolが9時に異常終了しましたが、9時20分に復旧いたしました。原因調査をお願いできますか。",
        "Assume that both nodes crash: can customers still order?",
        'The manual says "clients cannot connect while the failover runs". For how long?',
        "After a failover production was down for 20 minutes. What was the reason?",
        "本番のpgpoolが異常終了しましたが、10分ほどで復旧しました。原因を教えてください。",
        "Production hung for ten minutes, it is back to normal. Why?",
    ],
)
def test_what_is_well_over_planned_or_told_of_others_wakes_nobody(rules: UrgencyRules, text: str) -> None:
    urgency = assess("", text, rules)
    assert not urgency.urgent, urgency.evidence
