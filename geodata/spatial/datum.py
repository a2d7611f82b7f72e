"""Which datum a layer is in when nobody says: told by what lies under it, or by its headings.

The layer is read as WGS-84, GCJ-02 and BD-09 in turn and laid over lines known to be WGS-84: cases
over streets, district outlines over other outlines. Under the right reading points lie near lines;
how near they lie by chance is measured by moving the layer about. Where the difference is no
larger than chance the answer is "not confident", never a guess sold as a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import Sentence
from geodata.spatial.coordinates import DATUMS, Datum, Degrees, in_rectangle, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME_EVERYWHERE = Sentence("outside the rectangle of GCJ-02 all three are the same")
METRES_PER_DEGREE = 111_320.0
Reason = Literal["same_everywhere", "fit", "signature", "undecided"]
Geometries = NDArray[Any]

# headings of the district files that Chinese web maps hand out; those are GCJ-02
_WEB_MAP_HEADINGS = frozenset(
    {"acroutes", "center", "centroid", "childrenNum", "level", "parent", "subFeatureIndex"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumRule:
    """When a fit is evidence. Change the rule here, never where it is used."""

    near_m: float = 25.0
    sample: int = 2_000
    fewest_points: int = 60
    trials: int = 40
    trial_m: tuple[float, float] = (150.0, 1_000.0)
    deviations: float = 4.0
    ahead_share: float = 0.15
    source: str = "tried on Shenzhen, Chengdu and made-up layers; see tests/spatial/test_datum.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumFit:
    """How a layer lies over the reference when read in one datum."""

    datum: Datum
    points: int
    near_share: float  # NaN where too few points fall on the reference
    median_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumGuess:
    """The most likely datum, whether that is evidence or a mere guess, and the numbers."""

    datum: Datum
    confident: bool
    reason: Reason
    fits: tuple[DatumFit, ...] = ()
    chance_share: float = float("nan")
    chance_deviation: float = float("nan")

    @property
    def explanation(self) -> Sentence:
        """The numbers in one line, for messages and logs."""
        fits = [
            Sentence(
                "{datum}: {near:.0%} of {points} points near, median {median_m:.0f} m",
                datum=fit.datum,
                near=fit.near_share,
                points=fit.points,
                median_m=fit.median_m,
            )
            for fit in self.fits
            if fit.points and not np.isnan(fit.near_share)
        ]
        reasons: dict[Reason, Sentence] = {
            "same_everywhere": SAME_EVERYWHERE,
            "fit": Sentence("fits best as {datum}", datum=self.datum),
            "signature": Sentence(
                "its headings (adcode and others) are those of Chinese web-map files"
            ),
            "undecided": Sentence("cannot be told from what lies under it"),
        }
        if not fits:
            return reasons[self.reason]
        if self.chance_share >= 0:
            fits.append(Sentence("by chance {share:.0%}", share=self.chance_share))
        return Sentence("{reason} ({fits:clauses})", reason=reasons[self.reason], fits=fits)


def guess_datum(
    lon: Degrees,
    lat: Degrees,
    reference: Geometries,
    *,
    headings: Iterable[str] = (),
    rule: DatumRule = DatumRule(),
) -> DatumGuess:
    """Tell which datum the points of a layer are in.

    Parameters
    ----------
    lon, lat
        The layer's points as found, in degrees: cases, or outlines by `outline_points`.
    reference
        Shapely lines or polygons, whose outlines then count, in WGS-84, longitude first.
    headings
        Names of the layer's attributes; decide only where the fit does not.
    rule
        What counts as near, and as evidence.

    Returns
    -------
    DatumGuess
        `confident` is False, `reason` "undecided", where it cannot be known; `datum` is then
        the best fit so far, or WGS-84 where there is none. The same input gives the same answer.
    """
    if not in_rectangle(lon, lat).any():
        return DatumGuess(datum="wgs84", confident=True, reason="same_everywhere")
    undecided = DatumGuess(datum="wgs84", confident=False, reason="undecided")
    guess = _by_fit(lon, lat, reference, rule) if len(reference) else undecided
    declared = datum_by_headings(headings)
    if declared is None or guess.confident:
        return guess
    return DatumGuess(datum=declared, confident=True, reason="signature", fits=guess.fits)


def datum_by_headings(headings: Iterable[str]) -> Datum | None:
    """GCJ-02 where the attributes are those of a Chinese web map's district file, else None."""
    found = set(headings)
    return "gcj02" if "adcode" in found and len(found & _WEB_MAP_HEADINGS) > 1 else None


def outline_points(polygons: Geometries, *, every_m: float = 25.0) -> tuple[Degrees, Degrees]:
    """Longitudes and latitudes along the outlines of polygons, at most `every_m` metres apart."""
    outlines = shapely.segmentize(shapely.boundary(polygons), every_m / METRES_PER_DEGREE)
    points = shapely.get_coordinates(outlines)
    return points[:, 0], points[:, 1]


def _by_fit(lon: Degrees, lat: Degrees, reference: Geometries, rule: DatumRule) -> DatumGuess:
    """Read the layer in each datum and compare with the reference and with chance."""
    ground = _Ground(reference, rule)
    points = ground.sample(lon, lat)
    readings = {datum: ground.metres(*_read(points, datum)) for datum in DATUMS}
    fits = tuple(ground.fit(datum, xy) for datum, xy in readings.items())
    shares = [fit.near_share for fit in fits]
    if np.isnan(shares).all():
        return DatumGuess(datum="wgs84", confident=False, reason="undecided", fits=fits)
    best = int(np.nanargmax(shares))
    chance = ground.chance(readings[DATUMS[best]])
    mean, deviation = (float(chance.mean()), float(chance.std())) if chance.size else (np.nan,) * 2
    confident = bool(
        chance.size > rule.trials // 2
        and not np.isnan(shares).any()
        and shares[best] > mean + rule.deviations * deviation
        and shares[best] - max(*shares[:best], *shares[best + 1 :]) >= rule.ahead_share
    )
    return DatumGuess(
        datum=DATUMS[best],
        confident=confident,
        reason="fit" if confident else "undecided",
        fits=fits,
        chance_share=mean,
        chance_deviation=deviation,
    )


def _read(points: NDArray[np.float64], datum: Datum) -> tuple[Degrees, Degrees]:
    there = to_wgs84(points[:, 0], points[:, 1], datum)
    return there.lon, there.lat


class _Ground:
    """The reference lines in local metres, ready to be asked how far points are from them."""

    def __init__(self, reference: Geometries, rule: DatumRule) -> None:
        self.rule = rule
        self.bounds = shapely.total_bounds(reference)  # west, south, east, north
        self.metres_per_lon = METRES_PER_DEGREE * np.cos(np.radians(self.bounds[[1, 3]].mean()))
        areal = shapely.get_dimensions(reference) > 1
        outlines = np.where(areal, shapely.boundary(reference), reference)
        xy, line = shapely.get_coordinates(shapely.get_parts(outlines), return_index=True)
        ends = self.metres(xy[:, 0], xy[:, 1])
        pieces = np.stack([ends[:-1], ends[1:]], axis=1)[line[:-1] == line[1:]]
        self.tree = shapely.STRtree(shapely.linestrings(pieces))
        corners = self.metres(self.bounds[[0, 2]], self.bounds[[1, 3]])
        self.low, self.high = corners[0], corners[1]

    def metres(self, lon: Degrees, lat: Degrees) -> NDArray[np.float64]:
        """Metres east and north of 0, 0; true to a percent within a city."""
        return np.column_stack([lon * self.metres_per_lon, lat * METRES_PER_DEGREE])

    def sample(self, lon: Degrees, lat: Degrees) -> NDArray[np.float64]:
        """Distinct points in reach of the reference under any reading, thinned evenly."""
        reach = 0.02  # degrees; BD-09 moves by about half of it
        west, south, east, north = self.bounds + np.array([-reach, -reach, reach, reach])
        inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
        points = np.unique(np.column_stack([lon[inside], lat[inside]]), axis=0)
        if len(points) <= self.rule.sample:
            return points
        chosen = np.random.default_rng(0).choice(len(points), self.rule.sample, replace=False)
        sampled: NDArray[np.float64] = points[np.sort(chosen)]
        return sampled

    def on_ground(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Keep the points within the reference's extent."""
        kept: NDArray[np.float64] = xy[((xy >= self.low) & (xy <= self.high)).all(axis=1)]
        return kept

    def near_share(self, xy: NDArray[np.float64]) -> float:
        """Share of the points on the ground that lie near a line; NaN for too few points."""
        ground = self.on_ground(xy)
        if len(ground) < self.rule.fewest_points:
            return float("nan")
        near, _ = self.tree.query(shapely.points(ground), "dwithin", self.rule.near_m)
        return len(np.unique(near)) / len(ground)

    def fit(self, datum: Datum, xy: NDArray[np.float64]) -> DatumFit:
        """Describe one reading."""
        ground = self.on_ground(xy)
        median = float("nan")
        if len(ground):
            distances = self.tree.query_nearest(
                shapely.points(ground), return_distance=True, all_matches=False
            )[1]
            median = float(np.median(distances))
        return DatumFit(
            datum=datum, points=len(ground), near_share=self.near_share(xy), median_m=median
        )

    def chance(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shares of near points after moving the layer in directions all around."""
        turns = np.arange(self.rule.trials) * np.pi * (3 - np.sqrt(5))  # the golden angle
        lengths = np.linspace(*self.rule.trial_m, self.rule.trials)
        moves = np.column_stack([lengths * np.cos(turns), lengths * np.sin(turns)])
        shares = np.array([self.near_share(xy + move) for move in moves])
        known: NDArray[np.float64] = shares[~np.isnan(shares)]
        return known
