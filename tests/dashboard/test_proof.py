"""What stands behind a number: its parts, its period and its version, or why there is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.proof import of, period, proof
from dashboard.text import Speaker
from geodata.analysis.answers import Scope, Value, Withheld
from geodata.analysis.reasons import Reason
from geodata.wording.reasons import say_reason

SCOPE = Scope(
    from_at=datetime(2026, 9, 21, tzinfo=UTC),
    until_at=datetime(2026, 11, 16, tzinfo=UTC),
    as_of=datetime(2026, 12, 1, tzinfo=UTC),
    filters="占道经营",
    version=47,
)
RATE = Value(
    formula="on_time_rate", value=0.7582, unit="share", numerator=737, denominator=972, n=972,
    lower=0.73, upper=0.784, level=0.95, scope=SCOPE,
)  # fmt: skip


def test_a_rate_names_both_its_parts_and_where_it_comes_from():
    told = proof(RATE, Speaker("zh"))
    assert told["numerator"] == {"name": "按期结案数", "value": "737 件"}
    assert told["denominator"] == {"name": "应结案数", "value": "972 件"}
    assert told["value"] == "75.8%"
    assert told["interval"] == "73.0%–78.4%（95% 区间）"
    assert told["period"] == "2026-09-21 至 2026-11-15"
    assert told["version"] == "数据版本 v47"
    assert (told["n"], told["filters"]) == ("972", "占道经营")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_gives_the_reason_and_what_is_known(lang):
    say = Speaker(lang)
    known = {"numerator": 0, "denominator": 0, "n": 0, "odd": "x"}
    refused = Withheld(formula="on_time_rate", reason=Reason.NONE_DUE, scope=SCOPE, known=known)
    told = proof(refused, say)
    assert told["value"] == "—"
    assert say_reason(Reason.NONE_DUE, say) in told["note"]
    assert told["denominator"]["value"].startswith("0")


def test_a_period_that_outlasts_the_data_says_so():
    cut = Scope(from_at=SCOPE.from_at, until_at=SCOPE.until_at,
                as_of=datetime(2026, 10, 2, tzinfo=UTC))  # fmt: skip
    assert period(cut, Speaker("zh")) == "2026-09-21 至 2026-11-15（数据截至 2026-10-01）"


def test_a_number_that_is_no_answer_is_told_by_its_code():
    told = of(Speaker("en"), formula="gi_star", value="6.4", n=455, numerator=("near_cases", 43))
    assert told["title"] == "Gi* statistic"
    assert told["numerator"]["value"] == "43 cases"
    assert "denominator" not in told
    with pytest.raises(KeyError, match="guess"):
        of(Speaker("en"), formula="guess", value="1")


def test_channels_left_out_are_said():
    without = Scope(from_at=SCOPE.from_at, until_at=SCOPE.until_at, as_of=SCOPE.as_of,
                    without_channels=("patrol",))  # fmt: skip
    assert "patrol" in of(Speaker("zh"), formula="reported", value="1", scope=without)["filters"]
