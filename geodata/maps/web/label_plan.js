/** Which names to place, in which order: chosen streets, hot streets, call-outs, areas, then the rest by class. */

import { chainsOf } from "./chains.js";
import { LABEL_STYLES, createRoom, glyphBox, isTaken, placeStreets, takeRoom } from "./labels.js";
import { boxesMeet, insideRing, distanceToLine2 } from "./mercator.js";
import { streetPixels } from "./network.js";

const RANK = { strict: 0, first: 1, second: 2, fringe: 3, back: 4, unclassified: 5 };

const HOT_SHARE = 0.12;

const MOST_HOT = 40;

const NAMED_BELOW_METRES_PER_PIXEL = 5;

/** Chains and box of a street, made once. */
export function streetLines(basemap, street) {
  if (!street.chains) {
    street.chains = chainsOf(street.segments.map((segment) => basemap.segments.lines[segment]));
    street.box = street.segments
      .map((segment) => basemap.segments.boxes[segment])
      .reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
    street.widthM = Math.max(...street.segments.map((segment) => basemap.segments.widthM[segment]));
  }
  return street;
}

/** Indices of the streets that count as hot: the top eighth of those with reports, forty at most. */
export function hotStreets(heat) {
  const some = [...heat].filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return new Set(some.slice(0, Math.min(MOST_HOT, Math.ceil(some.length * HOT_SHARE))).map(([street]) => street));
}

function tierOf(street, hot, chosen) {
  if (chosen.has(street.index)) return 0;
  return hot.has(street.index) ? 1 : 2 + (RANK[street.kind] ?? 5);
}

/** Far out, only long streets are named and names keep more distance: the letters do not shrink, so their number must. */
const FAR_METRES_PER_PIXEL = 9;

function leastPixels(view) {
  return view.metresPerPixel > FAR_METRES_PER_PIXEL ? 110 : 22;
}

function airier(style, view) {
  const extra = Math.max(0, Math.min(7, 0.8 * (view.metresPerPixel - FAR_METRES_PER_PIXEL)));
  return extra > 0 ? { ...style, air: style.air + extra } : style;
}

/** Label jobs of the streets in view, most important first. `heat`: street index → value; `chosen`: highlighted or selected. */
export function labelJobs(basemap, view, heat, chosen) {
  const hot = hotStreets(heat);
  const jobs = [];
  for (const street of basemap.streets) {
    if (!street.name || !boxesMeet(streetLines(basemap, street).box, view.box)) continue;
    const tier = tierOf(street, hot, chosen);
    if (
      tier > 1 &&
      streetPixels(street.kind in RANK ? street.kind : "unclassified", street.widthM, view.metresPerPixel) === 0
    )
      continue;
    if (tier > 0 && street.lengthM / view.metresPerPixel < leastPixels(view)) continue;
    jobs.push({
      street: street.index,
      name: street.name,
      tier,
      heat: heat.get(street.index) ?? 0,
      lengthM: street.lengthM,
      style: airier(LABEL_STYLES[street.kind] ?? LABEL_STYLES.unclassified, view),
      tone: tier === 0 ? "accent" : "street",
      chains: street.chains,
      centres: [],
    });
  }
  return jobs.sort(
    (a, b) => a.tier - b.tier || (a.tier === 1 ? b.heat - a.heat : 0) || b.lengthM - a.lengthM || a.street - b.street,
  );
}

/** The point of an area furthest from its edges (on a 16 × 16 grid), in map units, made once. */
export function areaCentre(area) {
  if (area.centre) return area.centre;
  const [left, top, right, bottom] = area.box;
  let best = { depth: -1, at: [(left + right) / 2, (top + bottom) / 2] };
  for (let row = 1; row < 16; row += 1) {
    for (let column = 1; column < 16; column += 1) {
      const [x, y] = [left + ((right - left) * column) / 16, top + ((bottom - top) * row) / 16];
      if (area.rings.reduce((inside, ring) => inside !== insideRing(ring, x, y), false)) {
        const depth = Math.min(...area.rings.map((ring) => distanceToLine2(ring, x, y)));
        if (depth > best.depth) best = { depth, at: [x, y] };
      }
    }
  }
  area.centre = best.at;
  return area.centre;
}

const AREA_SIZES = [15, 12.5];

const INNER_NAMES_BELOW_METRES_PER_PIXEL = 4.2;

function areaLabel(area, view, widthOf) {
  const [x, y] = areaCentre(area);
  const size = AREA_SIZES[Math.min(area.rank, 1)];
  const glyphs = [...area.name].map((text) => ({ text, width: widthOf(text, size, 600), height: size, angle: 0 }));
  const gap = /[a-z]/i.test(area.name) ? 1.5 : 0.45 * size;
  const total = glyphs.reduce((sum, glyph) => sum + glyph.width + gap, -gap);
  let along = x * view.scale + view.left - total / 2;
  for (const glyph of glyphs) {
    glyph.x = along + glyph.width / 2;
    glyph.y = y * view.scale + view.top;
    along += glyph.width + gap;
  }
  return { glyphs, total, size, weight: 600, tone: "area" };
}

/** Faint names of the areas that are wide enough on screen to carry them. */
export function placeAreas(room, view, areas, widthOf) {
  const labels = [];
  for (const area of areas) {
    if (
      !area.name ||
      !boxesMeet(area.box, view.box) ||
      (area.rank > 0 && view.metresPerPixel > INNER_NAMES_BELOW_METRES_PER_PIXEL)
    )
      continue;
    const label = areaLabel(area, view, widthOf);
    const wide = (area.box[2] - area.box[0]) * view.scale;
    const [first, last] = [label.glyphs[0], label.glyphs[label.glyphs.length - 1]];
    const box = [first.x - first.width, first.y - label.size, last.x + last.width, last.y + label.size];
    if (wide < label.total * 1.15 || wide > 6 * view.width || isTaken(room, box)) continue;
    takeRoom(room, box);
    labels.push(label);
  }
  return labels;
}

const PLACE_SIZE = 11.5;

/** Names of key places, right of their dot or left where the right is taken. */
export function placePlaces(room, view, places, widthOf) {
  const labels = [];
  if (view.metresPerPixel > NAMED_BELOW_METRES_PER_PIXEL) return labels;
  for (const place of places) {
    const [x, y] = [place.at[0] * view.scale + view.left, place.at[1] * view.scale + view.top];
    const width = widthOf(place.name, PLACE_SIZE, 500);
    const glyphs = [1, -1].map((side) => ({
      text: place.name,
      width,
      height: PLACE_SIZE,
      angle: 0,
      x: x + side * (width / 2 + 7),
      y,
    }));
    const free = glyphs.find((glyph) => !isTaken(room, glyphBox(glyph)));
    if (!free || x < 0 || y < 0 || x > view.width || y > view.height) continue;
    takeRoom(room, glyphBox(free));
    labels.push({ glyphs: [free], size: PLACE_SIZE, weight: 500, tone: "place" });
  }
  return labels;
}

const RADIUS = 11;

const WAYS = [
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
  [0, -1],
  [0, 1],
  [1, 0],
  [-1, 0],
];

function calloutAt(callout, x, y, reach, [wx, wy]) {
  const length = Math.hypot(wx, wy);
  const [cx, cy] = [x + (wx / length) * reach, y + (wy / length) * reach];
  return {
    ...callout,
    x,
    y,
    cx,
    cy,
    radius: RADIUS,
    box: [cx - RADIUS - 3, cy - RADIUS - 3, cx + RADIUS + 3, cy + RADIUS + 3],
  };
}

/** Numbered discs beside their dots, none on another disc, dot or name already placed. */
export function placeCallouts(room, view, callouts, projection) {
  const dots = callouts.map(({ lonlat }) => [
    projection.x(lonlat[0]) * view.scale + view.left,
    projection.y(lonlat[1]) * view.scale + view.top,
  ]);
  const seen = dots.map(([x, y]) => x > 0 && y > 0 && x < view.width && y < view.height);
  dots.forEach(([x, y], at) => {
    if (seen[at]) takeRoom(room, [x - 4, y - 4, x + 4, y + 4]);
  });
  const placed = [];
  callouts.forEach((callout, at) => {
    if (!seen[at]) return;
    const tries = [30, 44, 60, 80, 104, 132, 164].flatMap((reach) => WAYS.map((way) => calloutAt(callout, ...dots[at], reach, way)));
    const found = tries.find((one) => !isTaken(room, one.box)) ?? tries[0];
    takeRoom(room, found.box);
    placed.push(found);
  });
  return placed;
}

/** Everything lettered on the map, in the order of importance; later ones give way. */
export function planLabels({ basemap, view, heat, chosen, callouts, stamps, widthOf }) {
  const room = createRoom();
  for (const { x, y, edge } of stamps) takeRoom(room, [x - 0.8 * edge, y - 0.8 * edge, x + 0.8 * edge, y + 0.8 * edge]);
  const jobs = labelJobs(basemap, view, heat, chosen);
  const loud = placeStreets(
    room,
    view,
    jobs.filter((job) => job.tier <= 1),
    widthOf,
  );
  const discs = placeCallouts(room, view, callouts, basemap.projection);
  const main = placeStreets(
    room,
    view,
    jobs.filter((job) => job.tier > 1 && job.tier <= 3),
    widthOf,
  );
  const areas = placeAreas(room, view, basemap.areas, widthOf);
  const places = placePlaces(room, view, basemap.places, widthOf);
  const rest = placeStreets(
    room,
    view,
    jobs.filter((job) => job.tier > 3),
    widthOf,
  );
  return { labels: [...areas, ...places, ...rest.reverse(), ...main.reverse(), ...loud.reverse()], discs };
}
