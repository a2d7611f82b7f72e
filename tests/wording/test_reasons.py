"""Every reason for having no number is said, in both languages, each differently."""

from __future__ import annotations

import pytest

from geodata.analysis.reasons import Reason
from geodata.wording import LANGUAGES, Words
from geodata.wording.reasons import say_reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_sentence_of_its_own(language):
    said = [say_reason(reason, Words(language)) for reason in Reason]
    assert len(set(said)) == len(Reason)
    assert all(text.endswith("。" if language == "zh" else ".") for text in said)


def test_a_code_of_a_table_says_the_same_as_its_reason():
    say = Words("en")
    assert say_reason("too_few_steps", say) == say_reason(Reason.TOO_FEW_STEPS, say)
    assert "too few to call a trend" in say_reason("too_few_steps", say)


def test_no_reason_says_nothing_and_an_unknown_one_is_refused():
    assert say_reason(None, Words("zh")) == ""
    with pytest.raises(ValueError, match="tired"):
        say_reason("tired", Words("zh"))
