"""Words about rebounds follow the number they stand beside."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from geodata.analysis.answers import Scope, Value
from geodata.findings.rebounds.rebound_words import usual_words
from geodata.wording import LANGUAGES, Words

AT = datetime(2026, 9, 1, tzinfo=UTC)
SCOPE = Scope(from_at=AT, until_at=AT, as_of=AT, filters="", version=1)


def said(ratio, lower, language="zh"):
    excess = Value(
        formula="rebound_excess", value=ratio, unit="ratio", numerator=1000 * ratio,
        denominator=1000, n=4000, scope=SCOPE, lower=lower, upper=2 * ratio, level=0.95,
    )  # fmt: skip
    return usual_words(SimpleNamespace(excess=excess), Words(language))


@pytest.mark.parametrize(
    ("ratio", "lower", "words"),
    [
        (1.6, 1.2, "是平时水平的 1.6 倍，结案后回潮偏快"),
        (1.04, 1.01, "是平时水平的 1.04 倍，仅略高于平时"),
        (1.004, 1.001, "未超出平时水平"),
        (1.6, 0.9, "未超出平时水平"),
        (0.8, 0.7, "未超出平时水平"),
    ],
)
def test_sooner_than_usual_is_said_only_beside_a_number_that_shows_it(ratio, lower, words):
    assert words in said(ratio, lower)
    assert ("偏快" in said(ratio, lower)) == (words.endswith("偏快"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ratio", [0.5 + nth / 100 for nth in range(100)])
def test_one_point_nought_is_never_called_more(ratio, language):
    text = said(ratio, ratio - 0.001, language)
    assert "1.0 " not in text or "偏快" not in text
    assert "1.0 times" not in text
