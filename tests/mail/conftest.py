"""How long do the properties search? `make fuzz` lets them search longer: --hypothesis-profile=long."""

from hypothesis import settings

settings.register_profile("long", max_examples=5_000, deadline=None)
