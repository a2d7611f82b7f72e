/** State + base map → everything the painters need. Sums are kept until data, measure or resolution change. */

import { cellsInBox } from "./cells.js";
import { fieldOf, markTested, resolutionFor, shown, studyAt } from "./field.js";
import { createNetwork, streetOfCell } from "./network.js";
import { heatStep, lockedBreaks, relaxedBreaks, relaxedDifference, stepOf } from "./scales.js";
import { streetIndices } from "./state.js";
import { DIFFERENCE, EMERGING, HEAT, TOKENS, inkOn } from "./tokens.js";

const NO_CELLS = { hi: new Uint32Array(0), lo: new Uint32Array(0), value: new Float64Array(0) };

/** Long-lived workings of one base map: network index, study cells and the last sums. */
export function createWorkings(basemap, h3) {
  return { basemap, h3, network: createNetwork(basemap), studies: new Map(), fieldKey: "", field: null, version: 0 };
}

function studyOf(workings, resolution) {
  if (!workings.studies.has(resolution))
    workings.studies.set(resolution, studyAt(workings.basemap, workings.h3, resolution));
  return workings.studies.get(resolution);
}

/** The resolution to draw: chosen, or by zoom; never finer than the data, and the data's own in class mode. */
export function drawnResolution(state, metresPerPixel) {
  const finest = state.resolution_data ?? 11;
  if (state.measure === "class") return finest;
  return Math.min(finest, state.resolution ?? resolutionFor(metresPerPixel, finest));
}

/** The field at `resolution`, summed anew only when something it depends on changed. */
export function fieldAt(workings, state, resolution) {
  const key = `${workings.version}/${resolution}/${state.measure}`;
  if (workings.fieldKey !== key) {
    const study = studyOf(workings, resolution);
    workings.field = fieldOf({
      basemap: workings.basemap,
      h3: workings.h3,
      study,
      cells: state.cells ?? NO_CELLS,
      measure: state.measure,
    });
    const tested = state.tests?.[resolution];
    if (tested) markTested(workings.field, tested);
    workings.fieldKey = key;
    workings.segments = null;
  }
  return workings.field;
}

/** Values per segment in the measure, zero-filled, and which the data names. */
export function segmentValues(workings, state) {
  if (workings.segments) return workings.segments;
  const { count, lengthM } = workings.basemap.segments;
  const [sum, given] = [new Float64Array(count), new Uint8Array(count)];
  state.segments?.index.forEach((segment, at) => {
    if (segment >= count) return;
    sum[segment] += state.segments.value[at];
    given[segment] = 1;
  });
  const value = Float64Array.from(sum, (one, at) => shown(state.measure, one, lengthM[at]));
  workings.segments = { sum, value, given };
  return workings.segments;
}

function breaksOf(state, field, segments, seen, resolution) {
  const onStreets = state.layer === "streets";
  if (state.scale_locked !== false) return lockedBreaks(state, state.measure, onStreets ? "street" : resolution);
  const values = onStreets ? segments.value : field.flatMap((layer, at) => seen[at].map((cell) => layer.value[cell]));
  return state.measure === "difference" ? relaxedDifference(values) : relaxedBreaks(values);
}

/** Signed sums by street: of its segments, or failing those of the cells in view that lie nearest to it. */
function streetSums(workings, state, field, seen, segments) {
  const sums = new Map();
  const add = (street, value) => {
    if (street >= 0 && value) sums.set(street, (sums.get(street) ?? 0) + value);
  };
  if (state.segments?.index.length) {
    segments.sum.forEach((value, segment) => add(workings.basemap.segments.street[segment], value));
    return sums;
  }
  field.forEach((layer, at) =>
    seen[at].forEach((cell) => {
      if (layer.sum[cell]) add(streetOfCell(workings.network, layer, cell), layer.sum[cell]);
    }),
  );
  return sums;
}

function classEntries(state, theme) {
  return (state.classes ?? []).map((entry) => {
    const look = EMERGING[entry.code] ?? EMERGING.historical;
    const cold = theme === "dark" ? look.coldDark : look.coldLight;
    const colour = entry.cold ? cold : look[theme];
    return { ...entry, family: look.family, stamp: entry.stamp ?? look.stamp, colour, inkOn: inkOn(colour) };
  });
}

/** The scene of one view. Deterministic: no clock, no randomness. */
export function composeScene(workings, state, view) {
  const { basemap, network } = workings;
  const theme = state.theme === "dark" ? "dark" : "light";
  const resolution = drawnResolution(state, view.metresPerPixel);
  const field = fieldAt(workings, state, resolution);
  const seen = field.map((layer) => cellsInBox(layer.set, view.box));
  const segments = segmentValues(workings, state);
  const breaks = breaksOf(state, field, segments, seen, resolution);
  const differs = state.measure === "difference";
  const streetSum = streetSums(workings, state, field, seen, segments);
  return {
    basemap,
    network,
    h3: workings.h3,
    field,
    seen,
    resolution,
    breaks,
    theme,
    measure: state.measure,
    tokens: TOKENS[theme],
    colours: (differs ? DIFFERENCE : HEAT)[theme],
    classes: classEntries(state, theme),
    stepFor: (value, given) => (differs ? (given ? stepOf(breaks, value) : -1) : heatStep(breaks, value)),
    highlighted: streetIndices(basemap, state.highlight?.streets),
    selectedStreets: streetIndices(basemap, [state.selected?.street]),
    selectedSegments: [state.selected?.segment].filter((one) => one >= 0 && one < basemap.segments.count),
    silent: new Set(state.silent_areas ?? []),
    tested: state.tests?.[resolution] ?? null,
    outlined: state.legend?.outlined ?? null,
    segmentValue: segments.value,
    segmentGiven: segments.given,
    segmentSum: segments.sum,
    streetSum,
    heat: new Map([...streetSum].map(([street, sum]) => [street, Math.abs(sum)])),
  };
}
