import assert from "node:assert/strict";
import test from "node:test";
import {
  FALLBACK_BREAKS,
  FALLBACK_DIFFERENCE,
  heatStep,
  lockedBreaks,
  relaxedBreaks,
  relaxedDifference,
  sayNumber,
  sayValue,
  stepOf,
} from "../../geodata/maps/web/scales.js";
import { classCounts, swatchLabels } from "../../geodata/maps/web/legend.js";
import { roundLength } from "../../geodata/maps/web/controls.js";
import { chance } from "./support.mjs";

test("a value falls in the last step whose lower bound it reaches", () => {
  const steps = [1, 2, 3, 5, 6, 10, 11, 55, 56, 4000].map((value) => heatStep(FALLBACK_BREAKS, value));
  assert.deepEqual(steps, [0, 0, 1, 1, 2, 2, 3, 5, 6, 6]);
});

test("nothing, less than nothing and the unknown have no heat; the least report has the first", () => {
  assert.deepEqual(
    [0, -3, NaN, 0.01].map((value) => heatStep(FALLBACK_BREAKS, value)),
    [-1, -1, -1, 0],
  );
});

test("differences are stepped on both sides of the middle", () => {
  const breaks = lockedBreaks({ breaks: { 10: [-4, -2, -0.8, 0.8, 2, 4] } }, "difference", 10);
  assert.deepEqual(
    [-9, -4, -3, -1, 0, 0.8, 3, 4].map((value) => stepOf(breaks, value)),
    [0, 1, 1, 2, 3, 4, 5, 6],
  );
});

test("locked breaks are found per measure or plain, and never depend on the data", () => {
  const own = [1, 2, 3, 4, 5, 6, 7];
  assert.deepEqual(lockedBreaks({ breaks: { 9: own } }, "count", 9), own);
  assert.deepEqual(lockedBreaks({ breaks: { per_km: { 9: own } } }, "per_km", 9), own);
  assert.deepEqual(lockedBreaks({ breaks: { 10: own } }, "count", "street"), own);
  assert.deepEqual(lockedBreaks({}, "count", 9), FALLBACK_BREAKS);
  assert.deepEqual(
    lockedBreaks({ breaks: { 9: own } }, "difference", 9),
    FALLBACK_DIFFERENCE,
    "bounds of counts say nothing about differences",
  );
});

test("relaxed bounds rise strictly and reach every positive value", () => {
  const random = chance(5);
  for (let round = 0; round < 200; round += 1) {
    const whole = round % 2 === 0;
    const values = Array.from({ length: 1 + Math.floor(random() * 80) }, () => {
      const value = random() ** 4 * 900;
      return whole ? Math.ceil(value) : value;
    });
    const breaks = relaxedBreaks(values);
    assert.equal(breaks.length, 7);
    breaks.slice(1).forEach((bound, at) => assert.ok(bound > breaks[at], `${breaks} from ${values}`));
    if (whole) assert.ok(breaks.every(Number.isInteger));
  }
  assert.deepEqual(relaxedBreaks([0, 0]), FALLBACK_BREAKS);
});

test("relaxed differences are symmetric", () => {
  const breaks = relaxedDifference([-30, -4, -1, 2, 2, 8, 11, 0]);
  assert.equal(breaks[0], -Infinity);
  assert.deepEqual(
    breaks
      .slice(1, 4)
      .map((bound) => -bound)
      .reverse(),
    breaks.slice(4),
  );
});

test("numbers carry commas, a true minus, one decimal for rates, and a dash for the unknown", () => {
  assert.deepEqual([sayNumber(12345), sayNumber(-3), sayNumber(NaN), sayNumber(null)], ["12,345", "−3", "—", "—"]);
  assert.deepEqual([sayValue(31, "per_km"), sayValue(31, "count"), sayValue(NaN, "per_km")], ["31.0", "31", "—"]);
});

test("the legend shows seven lower bounds, or six boundaries for a difference", () => {
  assert.deepEqual(swatchLabels(FALLBACK_BREAKS, false), ["1", "3", "6", "11", "21", "36", "56+"]);
  assert.deepEqual(swatchLabels([-Infinity, -4, -2, -0.8, 0.8, 2, 4], true), ["−4", "−2", "−0.8", "+0.8", "+2", "+4"]);
});

test("class counts and the cells without a class add up to all cells", () => {
  const scene = {
    classes: [{ code: "new" }, { code: "new", cold: true }],
    silent: new Set([4]),
    field: [
      { sum: [0, 1, 1, 2, 0, 0, 0], given: [1, 1, 1, 1, 0, 0, 0], area: [4, 4, 4, 4, 4, 4, 5] },
      { sum: [2], given: [1], area: [-1] },
    ],
  };
  assert.deepEqual(classCounts(scene), { counts: [2, 2], none: 1, silent: 2, untested: 1 });
});

test("the scale bar is the longest round length that fits", () => {
  assert.deepEqual(
    [4.76, 1, 0.2, 38].map((metresPerPixel) => roundLength(metresPerPixel, 118)),
    [500, 100, 20, 2000],
  );
});
