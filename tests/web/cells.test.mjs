import assert from "node:assert/strict";
import test from "node:test";
import {
  cellHex,
  cellKey,
  cellWords,
  cellsInBox,
  coarsen,
  createCellSet,
  parentOf,
} from "../../geodata/maps/web/cells.js";
import { projectionAt } from "../../geodata/maps/web/mercator.js";
import { NO_H3, ORIGIN, chance, findH3 } from "./support.mjs";

const h3 = findH3();
const options = { skip: h3 ? false : NO_H3 };

test("parents equal h3's at every resolution, over the whole globe and on pentagons", options, () => {
  const random = chance(1);
  const cells = Array.from({ length: 300 }, () => h3.latLngToCell(random() * 170 - 85, random() * 360 - 180, 12));
  cells.push(...h3.getPentagons(12));
  for (const cell of cells) {
    for (let resolution = 0; resolution <= 12; resolution += 1) {
      assert.equal(
        cellHex(...parentOf(...cellWords(cell), resolution)),
        h3.cellToParent(cell, resolution),
        `${cell} at ${resolution}`,
      );
    }
  }
});

test("words and hexadecimal are each other's inverse", options, () => {
  const random = chance(2);
  for (let i = 0; i < 200; i += 1) {
    const cell = h3.latLngToCell(random() * 170 - 85, random() * 360 - 180, Math.floor(random() * 13));
    assert.equal(cellHex(...cellWords(cell)), cell);
  }
});

test("keys of one resolution never collide", options, () => {
  const cells = h3.gridDisk(h3.latLngToCell(ORIGIN[1], ORIGIN[0], 11), 40);
  const far = h3.gridDisk(h3.latLngToCell(-33.4, 151.2, 11), 40);
  const keys = new Set([...cells, ...far].map((cell) => cellKey(...cellWords(cell))));
  assert.equal(keys.size, cells.length + far.length);
});

test("coarsening loses no cell and makes each parent once", options, () => {
  const cells = h3.gridDisk(h3.latLngToCell(ORIGIN[1], ORIGIN[0], 11), 25);
  const words = cells.map(cellWords);
  const [hi, lo] = [Uint32Array.from(words, ([high]) => high), Uint32Array.from(words, ([, low]) => low)];
  const parents = coarsen(hi, lo, 9);
  const expected = new Map();
  for (const cell of cells) expected.set(h3.cellToParent(cell, 9), (expected.get(h3.cellToParent(cell, 9)) ?? 0) + 1);
  const found = new Map();
  parents.member.forEach((at) => {
    const id = cellHex(parents.hi[at], parents.lo[at]);
    found.set(id, (found.get(id) ?? 0) + 1);
  });
  assert.deepEqual([...found].sort(), [...expected].sort());
  assert.equal(parents.hi.length, expected.size);
});

test("no cell that reaches into the box is missed, whatever the box", options, () => {
  const projection = projectionAt(ORIGIN);
  const words = h3.gridDisk(h3.latLngToCell(ORIGIN[1], ORIGIN[0], 10), 22).map(cellWords);
  const [hi, lo] = [Uint32Array.from(words, ([high]) => high), Uint32Array.from(words, ([, low]) => low)];
  const random = chance(3);
  for (let round = 0; round < 12; round += 1) {
    const set = createCellSet({ hi, lo, resolution: 10, h3, projection });
    const [x, y] = [random() * 1200 - 600, random() * 1200 - 600];
    const box = [x, y, x + 50 + random() * 300, y + 50 + random() * 300];
    const seen = new Set(cellsInBox(set, box));
    for (let at = 0; at < set.count; at += 1) {
      const reaches = h3.cellToBoundary([set.lo[at], set.hi[at]]).some(([lat, lon]) => {
        const [px, py] = [projection.x(lon), projection.y(lat)];
        return px > box[0] && px < box[2] && py > box[1] && py < box[3];
      });
      assert.ok(!reaches || seen.has(at), `cell ${cellHex(set.hi[at], set.lo[at])} is in the box but not found`);
    }
  }
});
