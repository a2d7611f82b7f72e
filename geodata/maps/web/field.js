/** What is drawn: the study cells of a resolution with their values, summed from the resolution the data came in. */

import { cellWords, coarsen, createCellSet, cellKey } from "./cells.js";

export const COARSEST = 8;

/** Mean hexagon edge in metres, by resolution (H3 4). */
export const EDGE_M = { 5: 9854.09, 6: 3724.53, 7: 1406.48, 8: 531.41, 9: 200.79, 10: 75.86, 11: 28.66, 12: 10.83 };

/** Hexagons smaller than this on screen can no longer be told apart or pointed at. */
export const SMALLEST_EDGE_PX = 10;

/** The finest resolution whose hexagon edge is at least 10 px on screen, within what the data allows. */
export function resolutionFor(metresPerPixel, finest) {
  for (let resolution = finest; resolution > COARSEST; resolution -= 1) {
    if (EDGE_M[resolution] / metresPerPixel >= SMALLEST_EDGE_PX) return resolution;
  }
  return Math.min(COARSEST, finest);
}

function ordered(set, values, Type) {
  return Type.from(set.order, (at) => values[at]);
}

/** Study cells coarsened to `resolution`: metres of street summed, the area that most members lie in. */
export function studyAt(basemap, h3, resolution) {
  const { study, projection } = basemap;
  const parents = coarsen(study.hi, study.lo, Math.min(resolution, study.resolution));
  const streetM = new Float64Array(parents.hi.length);
  const votes = parents.hi.length ? Array.from(parents.hi, () => new Map()) : [];
  parents.member.forEach((parent, at) => {
    streetM[parent] += study.streetM[at] ?? 0;
    votes[parent].set(study.area[at], (votes[parent].get(study.area[at]) ?? 0) + 1);
  });
  const area = votes.map((vote) => [...vote].reduce((best, next) => (next[1] > best[1] ? next : best))[0]);
  const set = createCellSet({ ...parents, resolution: Math.min(resolution, study.resolution), h3, projection });
  return {
    set,
    streetM: ordered(set, streetM, Float64Array),
    area: ordered(set, area, Int16Array),
    street: new Int32Array(set.count).fill(-2),
  };
}

function strayCells(cells, parents, study, h3, projection) {
  const missing = [];
  parents.hi.forEach((hi, at) => {
    if (!study.set.at.has(cellKey(hi, parents.lo[at]))) missing.push(at);
  });
  const [hi, lo] = [
    Uint32Array.from(missing, (at) => parents.hi[at]),
    Uint32Array.from(missing, (at) => parents.lo[at]),
  ];
  return createCellSet({ hi, lo, resolution: study.set.resolution, h3, projection });
}

function summed(cells, parents, sets) {
  const totals = sets.map((set) => ({
    value: new Float64Array(set.count),
    flag: new Float64Array(set.count),
    given: new Uint8Array(set.count),
  }));
  for (let at = 0; at < cells.hi.length; at += 1) {
    const parent = parents.member[at];
    const key = cellKey(parents.hi[parent], parents.lo[parent]);
    const which = sets[0].at.has(key) ? 0 : 1;
    const position = sets[which].at.get(key);
    totals[which].value[position] += cells.value[at];
    totals[which].given[position] = 1;
    if (cells.value2) totals[which].flag[position] = Math.max(totals[which].flag[position], cells.value2[at]);
  }
  return totals;
}

/** What a cell shows: the sum itself, or the sum per kilometre of street (NaN where there is no street). */
export function shown(measure, sum, streetM) {
  if (measure !== "per_km") return sum;
  return streetM > 0 ? sum / (streetM / 1000) : sum > 0 ? NaN : 0;
}

/**
 * Sum the state's cells to `study`'s resolution.
 *
 * Returns two layers, the study cells (zero-filled) and the reports outside them; each with `sum` (as counted),
 * `value` (in the measure), `flag` (the greatest `value2`), `given` (1 where the data names the cell). Totals of both layers equal the total of the data.
 */
export function fieldOf({ basemap, h3, study, cells, measure }) {
  const parents = coarsen(cells.hi, cells.lo, study.set.resolution);
  const strays = strayCells(cells, parents, study, h3, basemap.projection);
  const [inside, outside] = summed(cells, parents, [study.set, strays]);
  const layer = (set, total, streetM, area, street) => ({
    set,
    streetM,
    area,
    street,
    sum: total.value,
    flag: total.flag,
    given: total.given,
    value: Float64Array.from(total.value, (sum, at) => shown(measure, sum, streetM[at])),
  });
  return [
    layer(study.set, inside, study.streetM, study.area, study.street),
    layer(
      strays,
      outside,
      new Float64Array(strays.count),
      new Int16Array(strays.count).fill(-1),
      new Int32Array(strays.count).fill(-2),
    ),
  ];
}

/** Put the outcome of a test on a field's cells: `flag` is 1 where it found more, −1 where fewer. */
export function markTested(field, { more, fewer }) {
  for (const [sign, cells] of [
    [1, more],
    [-1, fewer],
  ]) {
    for (const cell of cells) {
      const found = findCell(field, ...cellWords(cell));
      if (found) found.layer.flag[found.at] = sign;
    }
  }
}

/** Where a cell (hi, lo) stands in the field: {layer, at}, or null. */
export function findCell(field, hi, lo) {
  for (const layer of field) {
    const at = layer.set.at.get(cellKey(hi, lo));
    if (at !== undefined) return { layer, at };
  }
  return null;
}
