"""Every `*.story` in this folder, played from its first line to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.office import open_office
from tests.stories.play import Play

STORIES = sorted(Path(__file__).parent.glob("*.story"))


@pytest.mark.parametrize("story", STORIES, ids=[story.stem for story in STORIES])
def test_story(story: Path, tmp_path: Path) -> None:
    with open_office(tmp_path / "office") as office:
        Play(office, tmp_path).perform(story.read_text(encoding="utf-8"))
