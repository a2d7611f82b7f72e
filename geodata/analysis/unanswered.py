"""Why a question about rebound, effect or calendar has no answer. Pages turn codes into words."""

from __future__ import annotations

from enum import StrEnum


class Unanswered(StrEnum):
    """The reason there is no number; a number is never made up instead."""

    NO_CASES = "no_cases"
    """Nothing was reported in what was asked for."""

    NO_CLOSED_CASES = "no_closed_cases"
    """No case with a place was closed: nothing could come back."""

    FOLLOW_UP_TOO_SHORT = "follow_up_too_short"
    """No closed case has been watched for the whole window yet."""

    NO_REBOUNDS = "no_rebounds"
    """Nothing came back while it was watched: there is no hazard to look ahead with."""

    ONE_PLACE = "one_place"
    """All cases lie at one place: chance cannot be told from habit."""

    TOO_FEW_CASES = "too_few_cases"
    """Too few cases for the test."""

    TOO_MANY_PAIRS = "too_many_pairs"
    """More neighbouring pairs than the rule allows: choose a category or a shorter period."""

    NO_DAYS = "no_days"
    """The period before, or the one after, has no day."""

    PERIODS_OVERLAP = "periods_overlap"
    """A day belongs to both periods."""

    NO_TREATED_STREETS = "no_treated_streets"
    """None of the treated streets (or cells) is known."""

    NO_COMPARISON_STREETS = "no_comparison_streets"
    """No street is left to compare with."""

    TOO_FEW_COMPARISON_STREETS = "too_few_comparison_streets"
    """Too few comparison streets to see how much streets differ by themselves."""

    NO_RING = "no_ring"
    """No street (or cell) lies around the treated ones: movement cannot be looked for."""

    NOTHING_BEFORE = "nothing_before"
    """Too few reports in the period before: a change has no base."""

    NOTHING_TO_COMPARE = "nothing_to_compare"
    """The comparison streets have too few reports before or after."""

    TOO_SHORT = "too_short"
    """Too few days to estimate the calendar's effects."""

    TOO_FEW_DAYS_OF_KIND = "too_few_days_of_kind"
    """Too few days of this kind (that weekday, holidays, market days) to estimate its effect."""
