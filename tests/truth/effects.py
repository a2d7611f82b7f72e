"""Effect, displacement and routines against campaigns whose effect is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geodata.analysis.baseline import estimate_baseline
from geodata.analysis.displacement import Verdict, work_or_move
from geodata.analysis.effect import measure_effect
from geodata.analysis.routines import share_change, weekday_effect
from geodata.domain.calendar import WorkCalendar
from geodata.domain.market import MarketDays
from tests.simulator import Effects, Town, World, simulate
from tests.truth.row import Row

PLAIN = Town()
LUMPY = Town(lumps=1.0, wander=0.1)
LONE = Town(treated=1, per_day=2.0, lumps=1.0)
WEEK = (1.1, 1.0, 1.0, 1.0, 1.05, 0.8, 0.6)
MARKET = WorkCalendar(country="", market=MarketDays(digits=(2, 5, 8)))
UNREST = Effects(patrols=1.5, weekday=WEEK, holiday=0.4)


def worlds(town: Town, effects: Effects, runs: int, seed: int) -> Iterator[World]:
    random = np.random.default_rng(seed)
    for _ in range(runs):
        yield simulate(town, effects, random)


def rows(runs: int) -> list[Row]:
    return [*effect_rows(runs), *displacement_rows(runs), *routine_rows(runs)]


def effect_rows(runs: int) -> list[Row]:
    nothing, fall = Effects(), Effects(drop=0.3)
    return [
        _alarms(PLAIN, nothing, runs, "3 of 40 streets, Poisson"),
        _alarms(LUMPY, nothing, runs, "3 of 40 streets, spells, streets drift ±10 %"),
        _alarms(LONE, nothing, runs, "1 of 40 streets, spells"),
        _alarms(LUMPY, UNREST, runs, "spells; patrols ×1.5, weekdays, holiday for all"),
        *_drop(PLAIN, fall, runs, "−30 %, 250 reports before, Poisson"),
        *_drop(LUMPY, fall, runs, "−30 %, 250 reports before, spells, drift", power=False),
        *_drop(Town(per_day=2.0, lumps=1.0), fall, runs, "−30 %, 500 reports before, spells"),
    ]


def _alarms(town: Town, effects: Effects, runs: int, words: str) -> Row:
    called = [
        measure_effect(world.trial, aside=world.around).direction != 0
        for world in worlds(town, effects, runs, 1)
    ]
    return Row(
        method="effect", world=words, question="false alarms", runs=runs,
        measured=float(np.mean(called)),
    )  # fmt: skip


def _drop(town: Town, effects: Effects, runs: int, words: str, *, power: bool = True) -> list[Row]:
    found = [
        measure_effect(world.trial, aside=world.around) for world in worlds(town, effects, runs, 2)
    ]
    true = 1 - effects.drop
    covered = [(one.low or 0) <= true <= (one.high or 0) for one in found]
    rows = [
        Row(method="effect", world=words, question="coverage", runs=runs,
            measured=float(np.mean(covered))),
        Row(method="effect", world=words, question="power", runs=runs,
            measured=float(np.mean([one.direction < 0 for one in found]))),
    ]  # fmt: skip
    return rows if power else rows[:1]


def displacement_rows(runs: int) -> list[Row]:
    busy = Town(per_day=2.0, lumps=0.5)
    still = [work_or_move(w.trial, w.around) for w in worlds(busy, Effects(), runs, 3)]
    cured = [work_or_move(w.trial, w.around) for w in worlds(busy, Effects(drop=0.5), runs, 4)]
    moved = [
        work_or_move(w.trial, w.around) for w in worlds(busy, Effects(drop=0.6, moved=0.9), runs, 5)
    ]
    away = (Verdict.MOVED, Verdict.PARTLY_MOVED)

    def row(world: str, question: str, flags: list[bool]) -> Row:
        return Row(method="work or move", world=world, question=question, runs=runs,
                   measured=float(np.mean(flags)))  # type: ignore[arg-type]  # fmt: skip

    return [
        row("nothing: any finding on the treated streets", "false alarms",
            [one.verdict is not Verdict.NO_CHANGE_SHOWN for one in still]),
        row("nothing: streets around called changed", "false alarms",
            [one.around.direction != 0 for one in still]),
        row("nothing: balance of cases not 0", "false alarms",
            [one.balance is not None and one.balance.p < 0.05 for one in still]),
        row("−50 %, none moved: said to have moved", "false alarms",
            [one.verdict in away for one in cured]),
        row("−50 %, none moved: said to have worked", "power",
            [one.verdict in (Verdict.WORKED, Verdict.WORKED_AND_SPREAD) for one in cured]),
        row("−60 %, 9 in 10 moved: said to have moved", "power",
            [one.verdict in away for one in moved]),
        row("−60 %, 9 in 10 moved: balance of cases", "coverage",
            [_balance_covers(one, world) for one, world in
             zip(moved, worlds(busy, Effects(drop=0.6, moved=0.9), runs, 5), strict=True)]),
    ]  # fmt: skip


def _balance_covers(found: object, world: World) -> bool:
    """Whether the interval holds the cases truly lost: moved ones are no loss."""
    balance = found.balance  # type: ignore[attr-defined]
    after = world.trial.after
    treated = world.expected[np.ix_(world.trial.treated, after)].sum()
    true = -treated / (1 - 0.6) * 0.6 * (1 - 0.9)
    return bool(balance is not None and balance.low <= true <= balance.high)


def routine_rows(runs: int) -> list[Row]:
    town = Town(per_day=0.5, lumps=1.0)
    action = Effects(weekday=WEEK, tuesday_after=1.5, patrols=1.5)
    plain = Effects(weekday=WEEK, patrols=1.5)
    tuesday = [
        [weekday_effect(w.panel.days, w.by_day(), 1, w.trial.before, w.trial.after)
         for w in worlds(town, effects, runs, 6)]
        for effects in (plain, action)
    ]  # fmt: skip
    factors = [
        estimate_baseline(w.panel.days, w.by_day(), {"holiday": w.holiday})
        for w in worlds(town, UNREST, runs, 7)
    ]
    true = WEEK[6] / np.exp(np.mean(np.log(WEEK)))
    sundays = [one.factors.filter(code="sun").row(0, named=True) for one in factors]
    rest = [one.factors.filter(code="holiday").row(0, named=True) for one in factors]
    shifts = [_shift(change, runs) for change in (0.0, 0.06)]
    markets = [
        (w, estimate_baseline(w.panel.days, w.by_day(), calendar=MARKET))
        for w in worlds(town, Effects(weekday=WEEK, market=1.8, patrols=1.5), runs, 9)
    ]
    market = [one.factors.filter(code="market").row(0, named=True) for _, one in markets]
    fridays = [
        weekday_effect(w.panel.days, w.by_day(), 4, w.trial.before, w.trial.after,
                       usual=one.besides_weekday())
        for w, one in markets
    ]  # fmt: skip

    def row(method: str, world: str, question: str, flags: list[bool]) -> Row:
        return Row(method=method, world=world, question=question, runs=runs,
                   measured=float(np.mean(flags)))  # type: ignore[arg-type]  # fmt: skip

    return [
        row("weekday effect", "no Tuesday action; patrols ×1.5", "false alarms",
            [(one.p or 0) < 0.05 for one in tuesday[0]]),
        row("weekday effect", "Tuesdays ×1.5 after, 240 before", "power",
            [(one.p or 1) < 0.05 for one in tuesday[1]]),
        row("weekday effect", "Tuesdays ×1.5 after, 240 before", "coverage",
            [(one.low or 0) <= 1.5 <= (one.high or 0) for one in tuesday[1]]),
        row("weekday effect", "no Friday action; market ×1.8 on days 2, 5, 8", "false alarms",
            [(one.p or 0) < 0.05 for one in fridays]),
        row("baseline", "market factor 1.8 on days 2, 5, 8", "coverage",
            [one["low"] <= 1.8 <= one["high"] for one in market]),
        row("baseline", "Sunday factor", "coverage",
            [one["low"] <= true <= one["high"] for one in sundays]),
        row("baseline", "holiday factor 0.4, 7 days", "coverage",
            [one["low"] <= 0.4 <= one["high"] for one in rest]),
        row("share change", "out of hours 30 % before and after", "false alarms",
            [(one.p or 0) < 0.05 for one in shifts[0]]),
        row("share change", "out of hours 30 % → 36 %", "power",
            [(one.p or 1) < 0.05 for one in shifts[1]]),
        row("share change", "out of hours 30 % → 36 %", "coverage",
            [(one.low or 0) <= 0.06 <= (one.high or 0) for one in shifts[1]]),
    ]  # fmt: skip


def _shift(change: float, runs: int) -> list:  # type: ignore[type-arg]
    """Daily shares out of hours that vary more than a coin would (beta-binomial)."""
    random = np.random.default_rng(8)
    after = np.arange(168) >= 84
    found = []
    for _ in range(runs):
        total = random.poisson(30, 168)
        share = np.where(after, 0.3 + change, 0.3)
        counted = random.binomial(total, random.beta(40 * share, 40 * (1 - share)))
        found.append(share_change(counted, total, ~after, after))
    return found
