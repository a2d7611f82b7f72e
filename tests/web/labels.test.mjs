import assert from "node:assert/strict";
import test from "node:test";
import { chainsOf, pointAt } from "../../geodata/maps/web/chains.js";
import { hotStreets, planLabels } from "../../geodata/maps/web/label_plan.js";
import { LABEL_STYLES, createRoom, glyphRun, layRun, placeStreets } from "../../geodata/maps/web/labels.js";
import { decodeBasemap } from "../../geodata/maps/web/decode.js";
import { viewOf } from "../../geodata/maps/web/mercator.js";
import { chance, madeUpBasemap } from "./support.mjs";

const widthOf = (text, size) =>
  [...text].reduce((sum, one) => sum + (one.charCodeAt(0) > 0x2e80 ? size : 0.56 * size), 0);

const VIEW = { scale: 1, left: 0, top: 0, width: 1400, height: 900, metresPerPixel: 2, box: [0, 0, 1400, 900] };

function job(name, points, style = LABEL_STYLES.second, street = 0) {
  return { street, name, style, tone: "street", chains: chainsOf([Float32Array.from(points)]), centres: [] };
}

/** The four corners of a glyph's inked square, a tenth smaller than its em: what must not touch. */
function corners({ x, y, width, height, angle }) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([a, b]) => [x + 0.45 * (a * width * cos - b * height * sin), y + 0.45 * (a * width * sin + b * height * cos)]);
}

/** Do two convex outlines overlap (separating axes)? An oracle independent of the engine's boxes. */
function overlap(a, b) {
  for (const shape of [a, b]) {
    for (let at = 0; at < shape.length; at += 1) {
      const [p, q] = [shape[at], shape[(at + 1) % shape.length]];
      const axis = [p[1] - q[1], q[0] - p[0]];
      const spread = (points) => {
        const on = points.map(([x, y]) => x * axis[0] + y * axis[1]);
        return [Math.min(...on), Math.max(...on)];
      };
      const [one, two] = [spread(a), spread(b)];
      if (one[1] <= two[0] || two[1] <= one[0]) return false;
    }
  }
  return true;
}

function tangle(seed, count) {
  const random = chance(seed);
  const names = [
    "人民南路",
    "玉林西路",
    "倪家桥路",
    "芳草街",
    "一环路南三段",
    "Washington Street",
    "D Street",
    "致民路",
  ];
  const kinds = Object.keys(LABEL_STYLES);
  return Array.from({ length: count }, (_, at) => {
    let [x, y, way] = [random() * 1400, random() * 900, random() * 2 * Math.PI];
    const points = [x, y];
    for (let step = 0; step < 12; step += 1) {
      way += (random() - 0.5) * 0.5;
      x += 40 * Math.cos(way);
      y += 40 * Math.sin(way);
      points.push(x, y);
    }
    return job(names[at % names.length], points, LABEL_STYLES[kinds[at % kinds.length]], at);
  });
}

test("names never touch each other and never leave the canvas", () => {
  for (const seed of [11, 12, 13]) {
    const labels = placeStreets(createRoom(), VIEW, tangle(seed, 160), widthOf);
    assert.ok(labels.length > 25, `only ${labels.length} names were placed`);
    const shapes = labels.map((label) => label.glyphs.map(corners));
    shapes.forEach((one, at) =>
      shapes.slice(at + 1).forEach((two, later) => {
        const clash = one.some((a) => two.some((b) => overlap(a, b)));
        assert.ok(!clash, `${labels[at].name} touches ${labels[at + 1 + later].name}`);
      }),
    );
    for (const point of shapes.flat(2))
      assert.ok(point[0] > 0 && point[1] > 0 && point[0] < VIEW.width && point[1] < VIEW.height);
  }
});

test("the same streets give the same names in the same places", () => {
  const run = () => JSON.stringify(placeStreets(createRoom(), VIEW, tangle(14, 80), widthOf));
  assert.equal(run(), run());
});

test("flat streets read left to right and steep ones top-down with upright characters, however they were drawn", () => {
  const lay = (points, name) => placeStreets(createRoom(), VIEW, [job(name, points)], widthOf)[0].glyphs;
  for (const points of [
    [100, 300, 600, 320],
    [600, 320, 100, 300],
  ]) {
    const flat = lay(points, "玉林西路");
    flat.slice(1).forEach((glyph, at) => assert.ok(glyph.x > flat[at].x));
    assert.deepEqual(flat.map((glyph) => glyph.text).join(""), "玉林西路");
  }
  for (const points of [
    [300, 100, 310, 700],
    [310, 700, 300, 100],
  ]) {
    const steep = lay(points, "人民南路");
    steep.slice(1).forEach((glyph, at) => assert.ok(glyph.y > steep[at].y));
    steep.forEach((glyph) => assert.ok(Math.abs(glyph.angle) < 0.1, "a character on a column stands"));
  }
});

test("the turn from line to column is at 48 degrees", () => {
  const angleAt = (degrees) => {
    const way = (degrees * Math.PI) / 180;
    const points = [200, 200, 200 + 600 * Math.cos(way), 200 + 600 * Math.sin(way)];
    return placeStreets(createRoom(), VIEW, [job("芳草街", points)], widthOf)[0].glyphs[0].angle * (180 / Math.PI);
  };
  assert.ok(Math.abs(angleAt(46) - 46) < 1.1);
  assert.ok(Math.abs(angleAt(50) - -40) < 1.1);
});

test("a bend is skipped and a street too short gets no name; letters keep their size", () => {
  const style = LABEL_STYLES.second;
  const hairpin = job("长长的街路名", [200, 200, 262, 200, 200, 212]);
  assert.deepEqual(placeStreets(createRoom(), VIEW, [hairpin], widthOf), []);
  const [chain] = chainsOf([Float32Array.from([100, 100, 130, 100])]);
  const run = glyphRun("一环路南三段", style, widthOf);
  assert.equal(layRun(chain, VIEW, run, chain.length / 2, 1), null);
  for (const label of placeStreets(
    createRoom(),
    VIEW,
    tangle(15, 40).filter((one) => one.name !== "x"),
    widthOf,
  )) {
    assert.ok(Object.values(LABEL_STYLES).some((known) => label.size === known.size || label.size === known.size - 1));
  }
});

test("a long street repeats its name, never closer than three quarters of its distance", () => {
  const labels = placeStreets(createRoom(), VIEW, [job("人民南路", [10, 450, 1390, 450], LABEL_STYLES.back)], widthOf);
  assert.ok(labels.length >= 2);
  const middles = labels.map((label) => label.glyphs[2].x).sort((a, b) => a - b);
  middles.slice(1).forEach((x, at) => assert.ok(x - middles[at] >= 0.75 * LABEL_STYLES.back.repeat));
});

test("when two streets want the same room, the hot one has it", () => {
  const lines = [
    [
      [104.06, 30.64],
      [104.0617, 30.64],
    ],
    [
      [104.06, 30.64002],
      [104.0617, 30.64002],
    ],
  ];
  const basemap = decodeBasemap(madeUpBasemap({ lines, names: ["冷清大街", "热闹小巷"], classes: ["strict", "back"] }));
  const view = viewOf({
    projection: basemap.projection,
    zoom: 16,
    worldLeft: basemap.projection.x0 - 700,
    worldTop: basemap.projection.y0 - 400,
    width: 1000,
    height: 800,
    ratio: 1,
  });
  const named = (heat) =>
    planLabels({ basemap, view, heat, chosen: new Set(), callouts: [], stamps: [], widthOf }).labels.map(
      (label) => label.name,
    );
  assert.deepEqual(named(new Map()), ["冷清大街"]);
  assert.deepEqual(named(new Map([[1, 40]])), ["热闹小巷"]);
  assert.deepEqual(
    [
      ...hotStreets(
        new Map([
          [3, 0],
          [4, 9],
        ]),
      ),
    ],
    [4],
  );
});

test("segments of a street are joined whichever way each was drawn, and not round a corner", () => {
  const parts = [
    [0, 0, 100, 0],
    [210, 2, 104, 0],
    [210, 2, 330, 0],
    [330, 3, 330, 200],
  ].map((points) => Float32Array.from(points));
  const chains = chainsOf(parts);
  assert.equal(chains.length, 2);
  assert.ok(Math.abs(chains[0].length - 330) < 2, `${chains[0].length}`);
  const ends = [pointAt(chains[0], 0)[0], pointAt(chains[0], chains[0].length)[0]].sort((a, b) => a - b);
  assert.deepEqual(ends, [0, 330]);
});

test("call-outs keep off each other", () => {
  const basemap = decodeBasemap(madeUpBasemap());
  const view = viewOf({
    projection: basemap.projection,
    zoom: 16,
    worldLeft: basemap.projection.x0 - 500,
    worldTop: basemap.projection.y0 - 400,
    width: 1000,
    height: 800,
    ratio: 1,
  });
  const random = chance(16);
  const callouts = Array.from({ length: 10 }, (_, at) => ({
    n: at + 1,
    lonlat: [104.06 + random() * 0.002, 30.64 + random() * 0.002],
  }));
  const { discs } = planLabels({ basemap, view, heat: new Map(), chosen: new Set(), callouts, stamps: [], widthOf });
  assert.equal(discs.length, 10);
  discs.forEach((one, at) =>
    discs
      .slice(at + 1)
      .forEach((two) => assert.ok(Math.hypot(one.cx - two.cx, one.cy - two.cy) > 22, `${one.n} on ${two.n}`)),
  );
});
