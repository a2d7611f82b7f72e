import assert from "node:assert/strict";
import test from "node:test";
import { FIRST_STATE, isEmpty, mergeState, paintedState, streetIndices } from "../../geodata/maps/web/state.js";
import { readView, writeView } from "../../geodata/maps/web/view_hash.js";
import { exposed } from "../../geodata/maps/web/painter.js";
import { tableRows } from "../../geodata/maps/web/table_twin.js";
import { isMeant } from "../../geodata/maps/web/picking.js";
import { projectionAt } from "../../geodata/maps/web/mercator.js";
import { chance } from "./support.mjs";

test("an update on its way does not undo what the user just pressed", () => {
  const first = mergeState(FIRST_STATE, {}, { layer: "cells", facts: { n: 1 } });
  const pressed = { ...first.shown, layer: "streets" };
  const late = mergeState(pressed, first.told, { layer: "cells", facts: { n: 2 } });
  assert.equal(late.shown.layer, "streets");
  assert.deepEqual(late.shown.facts, { n: 2 });
  const echoed = mergeState(late.shown, late.told, { layer: "streets" });
  assert.equal(mergeState(echoed.shown, echoed.told, { layer: "cells" }).shown.layer, "cells");
});

test("what the host leaves out stays", () => {
  const { shown } = mergeState({ ...FIRST_STATE, selected: { cell: "8a" } }, {}, { theme: "dark" });
  assert.deepEqual([shown.theme, shown.selected], ["dark", { cell: "8a" }]);
});

test("new cells without segments retire the old segments; other updates keep them", () => {
  const old = { ...FIRST_STATE, segments: { index: [1], value: [2] } };
  assert.equal(mergeState(old, {}, { cells: {} }).shown.segments, undefined);
  assert.deepEqual(mergeState(old, {}, { theme: "dark" }).shown.segments, old.segments);
  assert.deepEqual(mergeState(old, {}, { cells: {}, segments: { index: [], value: [] } }).shown.segments, {
    index: [],
    value: [],
  });
});

test("streets may be named or numbered", () => {
  const basemap = {
    streets: [
      { index: 0, name: "甲路" },
      { index: 1, name: "" },
      { index: 2, name: "甲路" },
      { index: 3, name: "乙路" },
    ],
  };
  assert.deepEqual(streetIndices(basemap, ["甲路", 3, "丙路", ""]), [0, 2, 3]);
  assert.deepEqual(streetIndices(basemap, [undefined]), []);
  assert.deepEqual(streetIndices(basemap, [0]), [0]);
});

test("under the table lies the layer it was opened from", () => {
  assert.equal(paintedState({ layer: "table" }, "streets").layer, "streets");
  assert.equal(paintedState({ layer: "cells" }, "streets").layer, "cells");
});

test("empty means: data came, and there is none; no data yet is not empty", () => {
  const none = { value: new Float32Array(0) };
  assert.equal(isEmpty({}), false);
  assert.equal(isEmpty({ cells: none }), true);
  assert.equal(isEmpty({ cells: { value: [0, 2] } }), false);
  assert.equal(isEmpty({ cells: none, segments: { value: [1] } }), false);
});

test("a view survives the address, and the rest of the address survives the view", () => {
  const view = { zoom: 14.75, center: [104.06123, 30.64321] };
  const hash = writeView("#phase=assault", view);
  assert.equal(hash, "#phase=assault&map=14.75/30.64321/104.06123");
  assert.deepEqual(readView(hash), view);
  assert.deepEqual(readView(writeView(hash, { zoom: 10, center: [1, -2] })), { zoom: 10, center: [1, -2] });
  for (const wrong of ["", "#map=a/b/c", "#map=14/95/10", "#roadmap=14/30/104"])
    assert.equal(readView(wrong), null, wrong);
});

test("a shift and the strips it exposes cover the canvas exactly", () => {
  const random = chance(17);
  for (let round = 0; round < 60; round += 1) {
    const [width, height] = [12 + Math.floor(random() * 20), 12 + Math.floor(random() * 20)];
    const [dx, dy] = [Math.floor(random() * 11) - 5, Math.floor(random() * 11) - 5];
    const strips = exposed(dx, dy, width, height);
    for (let x = 0; x < width; x += 1) {
      for (let y = 0; y < height; y += 1) {
        const kept = x - dx >= 0 && x - dx < width && y - dy >= 0 && y - dy < height;
        const painted = strips.some(
          ([left, top, wide, high]) => x >= left && x < left + wide && y >= top && y < top + high,
        );
        assert.equal(kept || painted, true, `${x},${y} after ${dx},${dy}`);
      }
    }
  }
  assert.deepEqual(exposed(0, 0, 9, 9), []);
});

test("a slip of the hand selects nothing", () => {
  assert.equal(
    isMeant([
      [0, 0],
      [3, 0],
      [3, 3],
    ]),
    false,
  );
  assert.equal(
    isMeant([
      [0, 0],
      [30, 0],
      [30, 30],
    ]),
    true,
  );
});

test("projecting there and back is exact to a centimetre", () => {
  const projection = projectionAt([104.06, 30.64]);
  for (const [lon, lat] of [
    [104.06, 30.64],
    [103.9, 30.4],
    [104.3, 30.9],
  ]) {
    assert.ok(Math.abs(projection.lon(projection.x(lon)) - lon) < 1e-9);
    assert.ok(Math.abs(projection.lat(projection.y(lat)) - lat) < 1e-9);
  }
});

test("a map of classes is empty without cases, not without significant cells", () => {
  const cells = { value: new Float32Array(4) };
  assert.equal(isEmpty({ measure: "class", cells, facts: { n: 12 } }), false);
  assert.equal(isEmpty({ measure: "class", cells, facts: { n: 0 } }), true);
  assert.equal(isEmpty({ measure: "count", cells, facts: { n: 12 } }), true);
});

test("segments without a name are rows of their own, a named street is one row", () => {
  const scene = {
    measure: "count",
    basemap: {
      streets: [
        { name: "甲路", kind: "first", segments: [0, 1], lengthM: 300 },
        { name: "", kind: "back", segments: [2, 3, 4], lengthM: 90 },
      ],
      segments: { lengthM: [100, 200, 20, 30, 40] },
    },
    segmentSum: [4, 5, 7, 0, 1],
    streetSum: new Map([
      [0, 9],
      [1, 8],
    ]),
  };
  const rows = tableRows(scene, "streets").rows.map(({ name, segment, sum, lengthM }) => [name, segment, sum, lengthM]);
  assert.deepEqual(rows, [
    ["甲路", 0, 9, 300],
    ["", 2, 7, 20],
    ["", 4, 1, 40],
  ]);
});
