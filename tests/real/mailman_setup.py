"""Lays out the lists of a Mailman before it starts: `python -m tests.real.mailman_setup CONFIGURATION LISTS`.

LISTS is JSON: address → {"members": {address: name}, "moderated": [address], "settings": {attribute: value}}.

A process of its own, because Mailman is configured once in a process and for good.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

from mailman.app.lifecycle import create_list
from mailman.app.membership import add_member
from mailman.config import config
from mailman.core.constants import system_preferences
from mailman.core.initialize import initialize
from mailman.interfaces.action import Action
from mailman.interfaces.autorespond import ResponseAction
from mailman.interfaces.domain import IDomainManager
from mailman.interfaces.mailinglist import DMARCMitigateAction, ReplyToMunging
from mailman.interfaces.member import DeliveryMode
from mailman.interfaces.subscriptions import RequestRecord
from zope.component import getUtility

MEANS = {
    "munge_from": DMARCMitigateAction.munge_from,
    "point_to_list": ReplyToMunging.point_to_list,
    "respond_and_continue": ResponseAction.respond_and_continue,
    "every time": timedelta(0),
}


def lay_out(address: str, wanted: dict[str, Any]) -> None:
    domains = getUtility(IDomainManager)
    domain = address.rpartition("@")[2]
    if domain not in domains:
        domains.add(domain)
    created = create_list(address)
    created.send_welcome_message = False
    for member, name in wanted["members"].items():
        record = RequestRecord(member, name, DeliveryMode.regular, system_preferences.preferred_language)
        added = add_member(created, record)
        if member in wanted.get("moderated", ()):
            added.moderation_action = Action.hold
    for attribute, value in wanted.get("settings", {}).items():
        assert hasattr(created, attribute)
        setattr(created, attribute, MEANS.get(value, value) if isinstance(value, str) else value)


if __name__ == "__main__":
    initialize(sys.argv[1])
    for address, wanted in json.loads(sys.argv[2]).items():
        lay_out(address, wanted)
    config.db.commit()
