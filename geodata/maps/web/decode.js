/** The base map as served (deltas in integer units) → geometry in map units, decoded once. */

import { projectionAt, boxOf, lineLength } from "./mercator.js";

/** Numbers as an array, a typed array, or `{"b64": …}` of little-endian values → the typed array asked for. */
export function decodeNumbers(coded, Type) {
  if (coded == null) return new Type(0);
  if (coded.b64 === undefined) return coded instanceof Type ? coded : Type.from(coded);
  const raw = atob(coded.b64);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return new Type(bytes.buffer, 0, Math.floor(bytes.length / Type.BYTES_PER_ELEMENT));
}

/** Deltas from the origin → interleaved lon, lat in degrees. The first vertex is absolute from the origin. */
export function undelta(deltas, origin, scale) {
  const out = new Float64Array(deltas.length);
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < deltas.length; i += 2) {
    x += deltas[i];
    y += deltas[i + 1];
    out[i] = origin[0] + x * scale;
    out[i + 1] = origin[1] + y * scale;
  }
  return out;
}

/** Interleaved lon, lat → deltas: the inverse of `undelta`, used by tests and by exports. */
export function delta(lonlat, origin, scale) {
  const out = [];
  let [px, py] = [0, 0];
  for (let i = 0; i + 1 < lonlat.length; i += 2) {
    const [x, y] = [Math.round((lonlat[i] - origin[0]) / scale), Math.round((lonlat[i + 1] - origin[1]) / scale)];
    out.push(x - px, y - py);
    [px, py] = [x, y];
  }
  return out;
}

function projected(deltas, basemap, projection) {
  const lonlat = undelta(deltas, basemap.origin, basemap.scale);
  const out = new Float32Array(lonlat.length);
  for (let i = 0; i < lonlat.length; i += 2) {
    out[i] = projection.x(lonlat[i]);
    out[i + 1] = projection.y(lonlat[i + 1]);
  }
  return out;
}

function boxOfRings(rings) {
  const boxes = rings.map(boxOf);
  return [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...boxes.map((box) => box[side])));
}

function decodeSegments(basemap, projection) {
  const coded = basemap.segments ?? { street: [], rings: [] };
  const ringsOf = coded.rings ?? [];
  const lines = (basemap.lines ?? []).map((line) => projected(line, basemap, projection));
  const rings = ringsOf.map((set) => set.map((ring) => projected(ring, basemap, projection)));
  return {
    count: lines.length,
    street: decodeNumbers(coded.street, Int32Array),
    rings,
    lines,
    boxes: lines.map((line, at) => (rings[at]?.length ? boxOfRings(rings[at]) : boxOf(line))),
    widthM: decodeNumbers(basemap.width_m, Float32Array),
    lengthM: Float32Array.from(lines, (line) => lineLength(line) * projection.metresPerUnit),
  };
}

function decodeStreets(basemap, segments) {
  return (basemap.streets ?? []).map((street, index) => ({
    index,
    name: street.name ?? "",
    kind: street.class ?? "unclassified",
    segments: street.segments,
    lengthM: street.segments.reduce((sum, at) => sum + segments.lengthM[at], 0),
  }));
}

function decodeArea(area, index, basemap, projection) {
  const rings = (area.rings ?? []).map((ring) => projected(ring, basemap, projection));
  return { index, name: area.name ?? "", level: area.level ?? "", rings, box: boxOfRings(rings) };
}

function decodeStudy(study) {
  if (!study)
    return {
      resolution: 11,
      hi: new Uint32Array(0),
      lo: new Uint32Array(0),
      streetM: new Float64Array(0),
      area: new Int16Array(0),
    };
  const hi = decodeNumbers(study.hi, Uint32Array);
  const area = decodeNumbers(study.area, Int16Array);
  return {
    resolution: study.resolution,
    hi,
    lo: decodeNumbers(study.lo, Uint32Array),
    streetM: Float64Array.from(decodeNumbers(study.street_m, Uint32Array), (decimetres) => decimetres / 10),
    area: area.length === hi.length ? area : new Int16Array(hi.length).fill(-1),
  };
}

/** Which rank each area has: 0 for the level whose areas are largest, then 1, … */
function rankAreas(areas) {
  const spans = new Map();
  for (const { level, box } of areas) {
    const span = (box[2] - box[0]) * (box[3] - box[1]);
    spans.set(level, [...(spans.get(level) ?? []), Number.isFinite(span) ? span : 0]);
  }
  const mean = (list) => list.reduce((sum, span) => sum + span, 0) / list.length;
  const levels = [...spans].sort((a, b) => mean(b[1]) - mean(a[1])).map(([level]) => level);
  return areas.map((area) => ({ ...area, rank: levels.indexOf(area.level) }));
}

/**
 * Decode a base map of format 1.
 *
 * Lengths are metres, geometry is in map units about `origin` (see mercator.js). Throws when the format is another.
 */
export function decodeBasemap(basemap) {
  if (basemap.format !== 1)
    throw new Error(`base map format ${basemap.format} is not known here; rebuild it with this version`);
  const projection = projectionAt(basemap.origin);
  const segments = decodeSegments(basemap, projection);
  const rings = (coded) => (coded ?? []).map((ring) => projected(ring, basemap, projection));
  return {
    name: basemap.name ?? "",
    madeUp: Boolean(basemap.made_up),
    credit: basemap.credit ?? "",
    tiles: basemap.tiles?.url ? basemap.tiles : null,
    bounds: basemap.bounds,
    projection,
    segments,
    streets: decodeStreets(basemap, segments),
    areas: rankAreas((basemap.areas ?? []).map((area, index) => decodeArea(area, index, basemap, projection))),
    water: rings(basemap.water),
    green: rings(basemap.green),
    places: (basemap.places ?? []).map((place) => ({ ...place, at: projected(place.xy, basemap, projection) })),
    study: decodeStudy(basemap.study),
  };
}
