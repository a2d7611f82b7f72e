"""What the browser is sent, read by the tests of the pages."""

from __future__ import annotations


def texts(value):
    """Every text of a payload, keys left out."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []
