"""What to do about it: the list of next week, the chronic register, near repeats, and limits."""

from __future__ import annotations

from typing import Any, Final

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.rebound_choices import Asking
from dashboard.views.rebound_streets import behind
from geodata.analysis.near_repeat import Knox
from geodata.findings.rebounds.look_back import LookBack, chronic_register, look_back
from geodata.findings.rebounds.look_back_sheets import MOST, list_names
from geodata.findings.rebounds.near_repeats import NearRepeats, categories_reported, near_repeats
from geodata.findings.rebounds.rebound import rebounds
from geodata.findings.rebounds.rebound_words import (
    ALPHA,
    near_words,
    register_rule_words,
    rule_words,
    waiting_words,
)
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.units import unit_names

SHOWN: Final = 60
"""Rows of a list that travel; the workbook holds more."""

_WHERE: Final = ("street", "area", "category")


def ahead(asking: Asking, say: Speaker) -> sheet.Block:
    """Where to look back next week, likeliest first; the whole list as a download."""
    found = look_back(asking.source, asking.selection, rule=asking.rule)
    rows = list_names(asking.source, found.table.head(SHOWN), say).to_dicts()
    span = {"first": say.day(found.from_on), "last": say.day(found.until_on)}
    return sheet.table(
        [
            sheet.column(say("rebound.column.rank"), "number"),
            *(sheet.column(say(f"rebound.column.{name}")) for name in _WHERE),
            _column("expected", asking, say, bar=True),
            _column("chance", asking, say),
            sheet.column(say("rebound.column.closed")),
            _column("clear_days", asking, say),
            _column("times_usual", asking, say),
            sheet.column(say("rebound.column.chronic")),
            sheet.column(say("rebound.column.office")),
        ],
        [_visit(asking, row, say) for row in rows],
        title=say("rebounds.ahead", **span),
        note=_ahead_note(found, say),
        tools=_downloads(asking, say) if rows else [],
        first=12,
        id=f"rebound-ahead/{asking.place}",
        empty="" if rows else _none_ahead(found, say),
    )


_FORMULAS: Final = {"expected": "expected_rebounds", "chance": "revisit_chance"}
"""Column → formula, where it has another name."""


def _column(name: str, asking: Asking, say: Speaker, *, bar: bool = False) -> sheet.Part:
    told = behind(asking, _FORMULAS.get(name, name), say)
    return sheet.column(say(f"rebound.column.{name}"), "number", bar=bar, proof=told)


def _none_ahead(found: LookBack, say: Speaker) -> str:
    return say_reason(found.undecided, say) or say("rebounds.ahead_none")


def _ahead_note(found: LookBack, say: Speaker) -> str:
    return say(
        "rebounds.ahead_note",
        n=numbers.count(say, found.places),
        days=f"{found.rule.within_days:g}",
        unknown=numbers.count(say, found.unknown),
    )


def _downloads(asking: Asking, say: Speaker) -> list[sheet.Control]:
    hint = say("rebounds.xlsx_hint", n=MOST)
    return [
        sheet.download(
            say("rebounds.to_xlsx"), sheet.export_link(asking.view, say, "look-back", "xlsx"), hint
        ),
        sheet.download(
            say("rebounds.to_csv"), sheet.export_link(asking.view, say, "look-back", "csv")
        ),
    ]


def _visit(asking: Asking, row: dict[str, Any], say: Speaker) -> sheet.Part:
    return sheet.row(
        [
            row["rank"],
            *(row[name] for name in _WHERE),
            _expected(asking, row, say),
            sheet.cell(numbers.rate(say, row["chance"]), value=row["chance"]),
            sheet.cell(say.day(row["closed"]), value=row["closed"].isoformat()),
            row["clear_days"],
            sheet.cell(numbers.ratio(say, row["times_usual"]), value=row["times_usual"]),
            say("rebound.list.yes") if row["chronic"] else None,
            row["office"],
        ]
    )


def _expected(asking: Asking, row: dict[str, Any], say: Speaker) -> sheet.Part:
    text = numbers.decimal(say, row["expected"], 2)
    told = proof.of(
        say, formula="expected_rebounds", value=text, n=row["past_rebounds"],
        scope=asking.scope(say),
    )  # fmt: skip
    return sheet.cell(text, value=row["expected"], proof=told)


def register(asking: Asking, say: Speaker) -> sheet.Block:
    """Places on the chronic register, those beyond their usual level first."""
    found = chronic_register(asking.source, asking.selection, rule=asking.rule)
    listed = found.listed
    rows = list_names(asking.source, listed.head(SHOWN), say).to_dicts()
    return sheet.table(
        [
            *(sheet.column(say(f"rebound.column.{name}")) for name in _WHERE),
            _column("rebounds", asking, say, bar=True),
            sheet.column(say("rebound.column.ratio"), "number"),
            sheet.column(say("rebound.column.entered")),
            sheet.column(say("rebound.column.last_rebound")),
            _column("days_listed", asking, say),
            sheet.column(say("rebound.column.office")),
        ],
        [_site(asking, row, say) for row in rows],
        title=say("rebounds.register", n=numbers.count(say, len(listed))),
        note=register_rule_words(found, say),
        first=8,
        id=f"rebound-register/{asking.place}",
        empty="" if rows else say_reason(found.undecided, say) or say("rebounds.register_none"),
    )


def _site(asking: Asking, row: dict[str, Any], say: Speaker) -> sheet.Part:
    told = proof.of(
        say,
        formula="rebound_excess",
        value=numbers.ratio(say, row["ratio"]),
        denominator=("rebounds_expected", row["expected"]),
        scope=asking.scope(say),
        note=f"q = {numbers.chance(say, row['q'])}" if numbers.known(row["q"]) else "",
    )
    return sheet.row(
        [
            *(row[name] for name in _WHERE),
            row["rebounds"],
            sheet.cell(
                numbers.ratio(say, row["ratio"]), value=row["ratio"], proof=told,
                tone="worse" if row["beyond"] else "",
            ),
            sheet.cell(say.day(row["entered"]), value=row["entered"].isoformat()),
            sheet.cell(say.day(row["last_rebound"]), value=row["last_rebound"].isoformat()),
            row["days_listed"],
            row["office"],
        ]
    )  # fmt: skip


def near(asking: Asking, say: Speaker) -> list[sheet.Block]:
    """Pairs of one category near in space and time against chance; nothing without a case."""
    codes = categories_reported(asking.source, asking.selection)
    if not codes:
        return []
    category = asking.view.option("near", codes)
    found = near_repeats(asking.source, category, asking.selection, say=say)
    names = unit_names(asking.source.city, asking.source.facts, "category", say)
    options = [sheet.option(code, names.get(code, code)) for code in codes]
    title = {
        "title": say("rebounds.near"),
        "tools": [sheet.choice("near", say("rebounds.near_of"), category, options)],
    }
    words = near_words(found, asking.source, say)
    if found.undecided is not None:
        return [sheet.table([], [], **title, empty=words, id="rebound-near")]  # type: ignore[arg-type]
    return [
        sheet.sentences(
            [sheet.sentence(words, proof=_near_proof(found, say))],
            **title,  # type: ignore[arg-type]
            id="rebound-near-words",
        ),
        _knox(found, say),
    ]


def _near_proof(found: NearRepeats, say: Speaker) -> proof.Proof:
    """Behind the sentence: pairs in the first bands of distance and days."""
    knox = found.knox
    return proof.of(
        say, formula="knox", value=numbers.ratio(say, knox.ratio), n=knox.n, scope=found.scope,
        note=f"p = {numbers.chance(say, knox.p)}",
    )  # fmt: skip


def _knox(found: NearRepeats, say: Speaker) -> sheet.Block:
    knox, rule = found.knox, found.knox.rule
    begins = [0.0, *rule.band_days]
    spans = [
        say("rebounds.near_days_first", until_days=f"{until:g}")
        if at == 0
        else say("rebounds.near_days", from_days=f"{begins[at] + 1:g}", until_days=f"{until:g}")
        for at, until in enumerate(rule.band_days)
    ]
    rows = knox.table.partition_by("from_m", maintain_order=True)
    roles = {row["role"]: numbers.count(say, row["cases"]) for row in found.roles.to_dicts()}
    return sheet.table(
        [
            sheet.column(say("rebounds.near_distance")),
            *(sheet.column(span, "number") for span in spans),
        ],
        [_band(found, row.to_dicts(), knox, say) for row in rows],
        note=say(
            "rebounds.near_note", n=rule.permutations, cases=numbers.count(say, knox.n), **roles
        ),
        span=7,
        id="rebound-near",
    )


def _band(found: NearRepeats, rows: list[dict[str, Any]], knox: Knox, say: Speaker) -> sheet.Part:
    first = rows[0]
    edges = {"from_m": f"{first['from_m']:g}", "until_m": f"{first['until_m']:g}"}
    here = first["until_m"] <= knox.rule.same_place_m
    key = "rebounds.near_same" if here else "rebounds.near_metres"
    name = say(key, until_m=edges["until_m"]) if here else say("rebounds.near_metres", **edges)
    return sheet.row([name, *(_pairs(found, row, say) for row in rows)])


def _pairs(found: NearRepeats, row: dict[str, Any], say: Speaker) -> sheet.Part:
    clear = row["p"] < ALPHA and (row["ratio"] or 0) > 1
    text = say("amount.ratio", n=numbers.decimal(say, row["ratio"], 2))
    told = proof.of(
        say,
        formula="knox",
        value=text,
        n=found.knox.n,
        scope=found.scope,
        note=f"{row['pairs']:,} / {row['expected']:,.1f} · p = {row['p']:.3f}",
    )
    return sheet.cell(
        text, value=row["ratio"], proof=told, tone="worse" if clear else "muted",
    )  # fmt: skip


def limits(asking: Asking, say: Speaker) -> sheet.Block:
    """What the numbers can and cannot tell."""
    found = rebounds(asking.source, asking.selection, rule=asking.rule, say=say)
    days = asking.rule.within_days
    unplaced = "limit_unplaced" if asking.place == "segment" else "limit_unplaced_cells"
    told = [
        say(
            "rebounds.limit_rule",
            rule=rule_words(asking.rule, say),
            assumed=say("rebound.assumed", days=days),
        ),
        waiting_words(found, say),
        say(f"rebounds.{unplaced}", n=numbers.amount(say, found.unplaced, "cases")),
        say("rebounds.limit_days"),
        say("rebounds.limit_new"),
    ]
    first, *others = [text for text in told if text]
    return sheet.table(
        [],
        [],
        title=say("rebounds.limits"),
        empty=first,
        note="\n".join(others),
        span=5,
        id="rebound-limits",
    )
