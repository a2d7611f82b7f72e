"""Why there is no number, in words: what is missing, and what to do next."""

from __future__ import annotations

from geodata.analysis.reasons import Reason
from geodata.wording.words import Words


def say_reason(reason: Reason | str | None, say: Words) -> str:
    """Return the sentence of a reason; empty where there is none.

    Parameters
    ----------
    reason
        A `Reason`, or its code as the ``undecided`` column of a table holds it.

    Raises
    ------
    ValueError
        The code is none of `Reason`.
    """
    if reason is None:
        return ""
    code = Reason(reason).value
    return say(f"reason.{code}")
