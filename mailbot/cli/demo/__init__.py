"""What does the desk do with mail? The main job on sample mails, with the real daemon; needs no configuration."""

from mailbot.cli.demo.story import run

__all__ = ["run"]
