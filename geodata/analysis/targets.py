"""Small tables against targets: frontage contracts 门前三包 (S7), survey of residents (S19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from geodata.analysis.answers import PARTS, Scope
from geodata.analysis.intervals import LEVEL, share_limits
from geodata.analysis.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A share that should be reached.

    Attributes
    ----------
    formula
        Code of the rate in ``formulas.toml``; ``part`` and ``whole`` are columns of the table.
    least
        Share to reach, 0 to 1.
    sample
        Whether the table asks a sample (a survey): then the rate has an interval. A register
        of all shops has none.
    """

    formula: str
    part: str
    whole: str
    least: float
    sample: bool
    unit: str = "share"
    source: str = ""


FRONTAGE: Final = (
    Target(
        formula="signed_rate", part="signed", whole="shops", least=0.95, sample=False,
        source="门前三包: 签约率 95 %",
    ),
    Target(
        formula="carried_out_rate", part="carried_out", whole="signed", least=0.90, sample=False,
        source="门前三包: 履约率 90 %",
    ),
)  # fmt: skip
"""Frontage contracts: of the shops, signed; of those that signed, carried out."""

SURVEY: Final = (
    Target(
        formula="awareness_rate", part="aware", whole="asked", least=0.95, sample=True,
        source="知晓率 95 %；各地 95–100 %",
    ),
    Target(
        formula="satisfaction_rate", part="satisfied", whole="asked", least=0.90, sample=True,
        source="满意率 90 %；各地 90–92 %",
    ),
)  # fmt: skip
"""Survey of residents."""


def against_targets(
    table: pl.DataFrame,
    targets: Sequence[Target],
    scope: Scope,
    *,
    by: str,
    level: float = LEVEL,
) -> pl.DataFrame:
    """Rate of each street or area against its targets; rows of the same ``by`` are added up.

    Parameters
    ----------
    table
        ``by`` and the columns the targets name, whole numbers; an optional Boolean ``model``
        (示范路) is passed on.

    Returns
    -------
    polars.DataFrame
        One row per ``by`` and target, in order: ``by``, ``model`` (where given), the columns of
        `answers.PARTS`, ``target``, ``met`` (by the rate itself, as evaluations count; null
        where undecided), ``certain`` (the whole interval lies on the same side), and the
        scope's. A row in which a part is missing, negative or larger than its whole makes its
        group's rate undecided. Empty in, empty out.
    """
    keys = [pl.col(by).cast(pl.String)]
    extra = [pl.col("model").any()] if "model" in table.columns else []
    parts = [_against(table, one, keys, extra, level) for one in targets]
    columns = [by, *(["model"] if extra else []), *PARTS, "target", "met", "certain"]
    together = pl.concat([part.select(columns) for part in parts])
    return together.sort(by, maintain_order=True).with_columns(**scope.columns())


def _against(
    table: pl.DataFrame, target: Target, keys: list[pl.Expr], extra: list[pl.Expr], level: float
) -> pl.DataFrame:
    part, whole = pl.col(target.part), pl.col(target.whole)
    sound = ((part >= 0) & (part <= whole)).fill_null(value=False)
    summed = table.group_by(keys, maintain_order=True).agg(
        *extra,
        sound=sound.all(),
        numerator=part.sum().cast(pl.Float64),
        denominator=whole.sum().cast(pl.Float64),
    )
    told = pl.col("sound") & (pl.col("denominator") > 0)
    rated = summed.with_columns(
        value=pl.when(told).then(pl.col("numerator") / pl.col("denominator")),
        n=pl.col("denominator").cast(pl.Int64),
        undecided=pl.when(~pl.col("sound"))
        .then(pl.lit(Reason.IMPOSSIBLE_ROW.value))
        .when(~told)
        .then(pl.lit(Reason.NO_CASES.value)),
    )
    return _judged(_with_limits(rated, target, level), target)


def _with_limits(rated: pl.DataFrame, target: Target, level: float) -> pl.DataFrame:
    """Interval columns; null for a register, which leaves nobody out."""
    told = pl.col("undecided").is_null()
    fixed = {"formula": pl.lit(target.formula), "unit": pl.lit(target.unit)}
    if not target.sample:
        nothing = pl.lit(None, pl.Float64)
        return rated.with_columns(**fixed, lower=nothing, upper=nothing, level=nothing)
    safe = rated.select(
        part=pl.when(told).then("numerator").otherwise(0.0),
        whole=pl.when(told).then("denominator").otherwise(1.0),
    )
    limits = share_limits(safe["part"].to_numpy(), safe["whole"].to_numpy(), level)
    return rated.with_columns(
        **fixed,
        lower=pl.when(told).then(pl.Series(limits.lower)),
        upper=pl.when(told).then(pl.Series(limits.upper)),
        level=pl.when(told).then(pl.lit(level)),
    )


def _judged(rated: pl.DataFrame, target: Target) -> pl.DataFrame:
    met = pl.col("value") >= target.least
    above, below = pl.col("lower") >= target.least, pl.col("upper") < target.least
    sure = pl.when(met).then(above).otherwise(below)
    census = pl.when(met.is_not_null()).then(pl.lit(value=True))
    return rated.with_columns(
        target=pl.lit(target.least), met=met, certain=sure if target.sample else census
    )
