"""What a pack shows: the classes themselves lie with the press, which draws them."""

from geodata.press.content import *  # noqa: F403
