import assert from "node:assert/strict";
import test from "node:test";
import { cellHex, cellWords } from "../../geodata/maps/web/cells.js";
import { decodeBasemap } from "../../geodata/maps/web/decode.js";
import { EDGE_M, fieldOf, findCell, markTested, resolutionFor, studyAt } from "../../geodata/maps/web/field.js";
import { NO_H3, ORIGIN, chance, findH3, madeUpBasemap } from "./support.mjs";

const h3 = findH3();
const options = { skip: h3 ? false : NO_H3 };

function city() {
  const random = chance(6);
  const study = h3.gridDisk(h3.latLngToCell(ORIGIN[1], ORIGIN[0], 11), 18);
  const streetDm = study.map(() => (random() < 0.2 ? 0 : Math.floor(random() * 2000)));
  const coded = {
    resolution: 11,
    hi: study.map((cell) => cellWords(cell)[0]),
    lo: study.map((cell) => cellWords(cell)[1]),
    street_m: streetDm,
    area: study.map((_, at) => at % 2),
  };
  const reported = h3.gridDisk(h3.latLngToCell(ORIGIN[1], ORIGIN[0], 11), 22).filter(() => random() < 0.4);
  const value = Float32Array.from(reported, () => 1 + Math.floor(random() * 20));
  const cells = {
    hi: Uint32Array.from(reported, (cell) => cellWords(cell)[0]),
    lo: Uint32Array.from(reported, (cell) => cellWords(cell)[1]),
    value,
  };
  return { basemap: decodeBasemap(madeUpBasemap({ study: coded })), study, streetDm, reported, cells };
}

test("every report is counted once at every resolution, inside or outside the study area", options, () => {
  const { basemap, cells } = city();
  const total = cells.value.reduce((sum, value) => sum + value, 0);
  for (const resolution of [8, 9, 10, 11]) {
    const study = studyAt(basemap, h3, resolution);
    const [inside, outside] = fieldOf({ basemap, h3, study, cells, measure: "count" });
    const counted = [inside, outside].map((layer) => layer.sum.reduce((sum, value) => sum + value, 0));
    assert.equal(counted[0] + counted[1], total, `resolution ${resolution}`);
    assert.ok(inside.set.count >= study.set.count, "the study area is zero-filled");
  }
});

test("a rate is the sum of reports over the sum of kilometres, not a mean of rates", options, () => {
  const { basemap, study, streetDm, reported, cells } = city();
  const field = fieldOf({ basemap, h3, study: studyAt(basemap, h3, 9), cells, measure: "per_km" });
  const parents = new Set(study.map((cell) => h3.cellToParent(cell, 9)));
  for (const parent of parents) {
    const metres = study.reduce(
      (sum, cell, at) => sum + (h3.cellToParent(cell, 9) === parent ? streetDm[at] / 10 : 0),
      0,
    );
    const count = reported.reduce(
      (sum, cell, at) => sum + (h3.cellToParent(cell, 9) === parent ? cells.value[at] : 0),
      0,
    );
    const { layer, at } = findCell(field, ...cellWords(parent));
    assert.equal(cellHex(layer.set.hi[at], layer.set.lo[at]), parent);
    if (metres > 0) assert.ok(Math.abs(layer.value[at] - count / (metres / 1000)) < 1e-6 * (1 + count), parent);
    else assert.equal(layer.value[at], count > 0 ? NaN : 0);
  }
});

test("no data at all leaves the study area at zero", options, () => {
  const { basemap } = city();
  const none = { hi: new Uint32Array(0), lo: new Uint32Array(0), value: new Float32Array(0) };
  const [inside, outside] = fieldOf({ basemap, h3, study: studyAt(basemap, h3, 10), cells: none, measure: "count" });
  assert.ok(inside.set.count > 0);
  assert.ok(inside.value.every((value) => value === 0));
  assert.equal(outside.set.count, 0);
});

test("the automatic resolution keeps the hexagon's edge at 10 px or more, and is the finest that does", () => {
  for (const metresPerPixel of [0.3, 1, 2.04, 3, 5, 10, 20, 60]) {
    const resolution = resolutionFor(metresPerPixel, 11);
    const fits = (r) => EDGE_M[r] / metresPerPixel >= 10;
    assert.ok(fits(resolution) || resolution === 8, `${resolution} at ${metresPerPixel} m/px`);
    assert.ok(resolution === 11 || !fits(resolution + 1), `${resolution + 1} would fit at ${metresPerPixel} m/px`);
  }
  assert.equal(resolutionFor(0.1, 9), 9);
});

test("a test's outcome marks its own cells and no others; what lies elsewhere is passed over", options, () => {
  const { basemap, cells, study } = city();
  const field = fieldOf({ basemap, h3, study: studyAt(basemap, h3, 10), cells, measure: "difference" });
  const [more, fewer] = [...new Set(study.map((cell) => h3.cellToParent(cell, 10)))].sort();
  const elsewhere = h3.latLngToCell(ORIGIN[1] + 5, ORIGIN[0], 10);
  markTested(field, { more: [more, elsewhere], fewer: [fewer] });
  const flagged = (cell) => {
    const { layer, at } = findCell(field, ...cellWords(cell));
    return layer.flag[at];
  };
  assert.deepEqual([flagged(more), flagged(fewer)], [1, -1]);
  assert.equal(
    field.flatMap((layer) => [...layer.flag]).filter(Boolean).length,
    2,
  );
});
