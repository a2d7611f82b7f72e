/** Shared by the map's tests: h3-js from wherever set-up put it, seeded chance, a small made-up base map. */

import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

const VENDOR = fileURLToPath(new URL("../../geodata/maps/web/vendor/h3-js.umd.js", import.meta.url));

/** h3-js, or null where neither npm nor set-up has placed it. */
export function findH3() {
  try {
    return require("h3-js");
  } catch {
    return existsSync(VENDOR) ? require(VENDOR) : null;
  }
}

export const NO_H3 = "h3-js is not installed: run `npm ci` or the project's set-up first";

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Great-circle distance in metres between [lon, lat] points: the oracle for lengths. */
export function haversineM([lon1, lat1], [lon2, lat2]) {
  const radians = Math.PI / 180;
  const [p, q] = [lat1 * radians, lat2 * radians];
  const a = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.sqrt(a));
}

export const ORIGIN = [104.06, 30.64];

/** A base map of format 1 with the given lines ([[lon, lat]…] each its own street unless names repeat). */
export function madeUpBasemap({ lines = [], names = [], classes = [], study = null, areas = [] } = {}) {
  const scale = 1e-6;
  const coded = (points) => {
    let [px, py] = [0, 0];
    return points.flatMap(([lon, lat]) => {
      const [x, y] = [Math.round((lon - ORIGIN[0]) / scale), Math.round((lat - ORIGIN[1]) / scale)];
      const step = [x - px, y - py];
      [px, py] = [x, y];
      return step;
    });
  };
  const unique = [...new Set(names)];
  return {
    format: 1,
    name: "made up",
    made_up: true,
    credit: "nobody",
    origin: ORIGIN,
    scale,
    streets: unique.map((name) => ({
      name,
      class: classes[names.indexOf(name)] ?? "second",
      segments: names.flatMap((own, at) => (own === name ? [at] : [])),
    })),
    segments: { street: names.map((name) => unique.indexOf(name)), rings: lines.map(() => []) },
    lines: lines.map(coded),
    width_m: lines.map(() => 12),
    areas: areas.map(({ name, ring }) => ({ name, level: "subdistrict", rings: [coded(ring)] })),
    water: [],
    green: [],
    places: [],
    study,
    bounds: [104.05, 30.63, 104.07, 30.65],
  };
}
