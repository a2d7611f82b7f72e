import assert from "node:assert/strict";
import test from "node:test";
import { decodeBasemap, decodeNumbers, delta, undelta } from "../../geodata/maps/web/decode.js";
import { ORIGIN, chance, haversineM, madeUpBasemap } from "./support.mjs";

test("deltas give back every vertex to half a unit", () => {
  const random = chance(4);
  for (let round = 0; round < 50; round += 1) {
    const points = Float64Array.from(
      { length: 2 + 2 * Math.floor(random() * 40) },
      (_, at) => ORIGIN[at % 2] + random() * 0.4 - 0.2,
    );
    const back = undelta(delta(points, ORIGIN, 1e-6), ORIGIN, 1e-6);
    points.forEach((value, at) =>
      assert.ok(Math.abs(value - back[at]) <= 0.51e-6, `${value} came back as ${back[at]}`),
    );
  }
});

test("numbers decode alike from a list, a typed array and base 64", () => {
  const values = Uint32Array.from([0, 1, 65536, 0x8a40e3c5, 0xffffffff]);
  const b64 = Buffer.from(values.buffer).toString("base64");
  for (const coded of [[...values], values, { b64 }]) assert.deepEqual(decodeNumbers(coded, Uint32Array), values);
  assert.deepEqual(decodeNumbers(undefined, Int16Array), new Int16Array(0));
  assert.deepEqual(
    [...decodeNumbers({ b64: Buffer.from(Int16Array.from([-1, 7]).buffer).toString("base64") }, Int16Array)],
    [-1, 7],
  );
});

test("segment lengths are metres", () => {
  const line = [
    [104.05, 30.63],
    [104.061, 30.641],
    [104.07, 30.641],
  ];
  const basemap = decodeBasemap(madeUpBasemap({ lines: [line], names: ["甲路"] }));
  const expected = haversineM(line[0], line[1]) + haversineM(line[1], line[2]);
  assert.ok(
    Math.abs(basemap.segments.lengthM[0] / expected - 1) < 0.004,
    `${basemap.segments.lengthM[0]} against ${expected}`,
  );
  assert.equal(basemap.streets[0].lengthM, basemap.segments.lengthM[0]);
});

test("decimetres of street become metres, and a missing area column means none", () => {
  const study = {
    resolution: 11,
    hi: [1, 2],
    lo: [3, 4],
    street_m: { b64: Buffer.from(Uint32Array.from([15, 1234]).buffer).toString("base64") },
  };
  const decoded = decodeBasemap(madeUpBasemap({ study })).study;
  assert.deepEqual([...decoded.streetM], [1.5, 123.4]);
  assert.deepEqual([...decoded.area], [-1, -1]);
});

test("an area without an outline keeps its place in the list, since cells refer to it by number", () => {
  const coded = {
    ...madeUpBasemap(),
    areas: [
      { name: "甲", rings: [] },
      { name: "乙", level: "street", rings: [[0, 0, 9000, 0, 0, 9000]] },
    ],
  };
  const areas = decodeBasemap(coded).areas;
  assert.deepEqual(
    areas.map((area) => [area.index, area.name]),
    [
      [0, "甲"],
      [1, "乙"],
    ],
  );
});

test("another format is refused in words", () => {
  assert.throws(() => decodeBasemap({ ...madeUpBasemap(), format: 2 }), /format 2 .*rebuild/);
});
