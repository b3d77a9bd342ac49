"""Every `*.story` in this folder, played from its first line to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.office import open_office
from tests.stories.play import Play

STORIES = sorted(Path(__file__).parent.glob("*.story"))


@pytest.mark.parametrize("story", STORIES, ids=[story.stem for story in STORIES])
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def test_story(request: pytest.FixtureRequest, database: str, story: Path, tmp_path: Path) -> None:
    url = str(request.getfixturevalue("cluster").desk()) if database == "postgresql" else ""
    with open_office(tmp_path / "office", url=url) as office:
        Play(office, tmp_path).perform(story.read_text(encoding="utf-8"))
