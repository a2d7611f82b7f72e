"""Why a question has no answer: a number is never made up. Pages turn the code into words."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why there is no number."""

    NO_CASES = "no_cases"
    """The selection holds no case."""

    EMPTY_PERIOD = "empty_period"
    """The period, or phase, has no day."""

    NOT_YET = "not_yet"
    """The period begins after the last moment the data cover."""

    NOT_RECORDED = "not_recorded"
    """The cases never give the time or number the formula needs."""

    NONE_DUE = "none_due"
    """No case was due in the period."""

    NONE_FILED = "none_filed"
    """No case was filed 立案 in the period."""

    NONE_DISPATCHED = "none_dispatched"
    """No case was dispatched 派遣 in the period."""

    NONE_HANDLED = "none_handled"
    """No case was handled 处置 in the period."""

    NONE_CLOSED = "none_closed"
    """No case has been closed: nothing is known about how long closing takes."""

    NOT_REACHED = "not_reached"
    """So many cases are still open that the quantile has not been reached."""

    UNMEASURED = "unmeasured"
    """Cases lack the measured m², so that the sum would be too small."""

    IMPOSSIBLE_ROW = "impossible_row"
    """A part is larger than its whole, or a number is missing or negative."""

    NO_EXPOSURE = "no_exposure"
    """No days or no kilometres to count per."""

    BOTH_ZERO = "both_zero"
    """No case on either side: there is nothing to compare."""

    FIRST_ZERO = "first_zero"
    """No case on the side compared with: the ratio has no upper end."""

    TOO_SHORT = "too_short"
    """Too few days to tell weekdays and holidays apart."""

    TOO_FEW_CASES = "too_few_cases"
    """Fewer than the stated minimum: no rank is given."""

    NOT_A_UNIT = "not_a_unit"
    """Cases of nobody ("unassigned", outside every area): counted, but not ranked."""

    TOO_FEW_GROUPS = "too_few_groups"
    """Fewer than two units with enough cases: nothing to rank against."""

    WEIGHTS_DO_NOT_SUM = "weights_do_not_sum"
    """The weights of a composite do not add up to 1."""

    PART_MISSING = "part_missing"
    """A component of the composite is missing or lies outside 0 to 1."""

    ALL_CLOSED = "all_closed"
    """Nothing is open: there is nothing left to finish."""

    NOT_SHRINKING = "not_shrinking"
    """As many or more cases come in as are closed: the end cannot be projected."""

    TOO_FAR = "too_far"
    """At this pace the end lies beyond the horizon a projection is worth."""

    NO_CLOSED_CASES = "no_closed_cases"
    """No case with a place was closed: nothing could come back."""

    FOLLOW_UP_TOO_SHORT = "follow_up_too_short"
    """No closed case has been watched for the whole window yet."""

    NO_REBOUNDS = "no_rebounds"
    """Nothing came back while it was watched: there is no hazard to look ahead with."""

    ONE_PLACE = "one_place"
    """All cases lie at one place: chance cannot be told from habit."""

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

    TOO_FEW_DAYS_OF_KIND = "too_few_days_of_kind"
    """Too few days of this kind (that weekday, holidays, market days) to estimate its effect."""

    SAME_AS_WEEKDAY = "same_as_weekday"
    """Always on the same weekdays: the effect of the weekday holds it already."""

    NO_CELLS = "no_cells"
    """The study area is empty."""

    TOO_FEW_CELLS = "too_few_cells"
    """Fewer than three units: none can stand out from the others."""

    TOO_FEW_STEPS = "too_few_steps"
    """Fewer than four time steps: too few to call a trend or a class."""

    ALL_ZERO = "all_zero"
    """Nothing was reported."""

    ALL_EQUAL = "all_equal"
    """Every unit has the same value: nothing stands out."""

    ALL_NEIGHBOURS = "all_neighbours"
    """Every neighbourhood is empty or holds the whole study area: nothing to compare with."""
