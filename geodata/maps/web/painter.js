/** One picture, back to front. The street glaze is kept while the view stands still, so new data repaints cheaply. */

import { cellOutline, cellWords } from "./cells.js";
import { planLabels } from "./label_plan.js";
import { usePixels, useMap, paintBoundaries, paintGround, paintPlaces } from "./paint_ground.js";
import { paintCells, paintStamps, paintUnclassed, ringOutline, stampsInView } from "./paint_cells.js";
import { createMeasure, paintCallouts, paintLabels } from "./paint_labels.js";
import { layGlaze, outlineSegments, paintGlaze, paintSegmentValues } from "./paint_streets.js";
import { STROKES } from "./tokens.js";

export function createPainter() {
  return { glaze: document.createElement("canvas"), glazed: null, widthOf: createMeasure(), spent: {} };
}

/** The parts of a canvas that a shift by (dx, dy) device pixels leaves unpainted, as [x, y, width, height]. */
export function exposed(dx, dy, width, height) {
  const frames = [];
  if (dx !== 0) frames.push([dx > 0 ? 0 : width + dx, 0, Math.abs(dx), height]);
  if (dy !== 0) frames.push([0, dy > 0 ? 0 : height + dy, width, Math.abs(dy)]);
  return frames;
}

/** How far the last glaze must be shifted to serve this view, in whole device pixels, or null if it cannot. */
function shiftOf(painter, view, { width, height }, kind) {
  const last = painter.glazed;
  if (!last || last.kind !== kind || painter.glaze.width !== width || painter.glaze.height !== height) return null;
  const shift = [(view.left - last.left) * view.ratio, (view.top - last.top) * view.ratio];
  const whole = shift.map(Math.round);
  const fits =
    shift.every((by, at) => Math.abs(by - whole[at]) < 0.01) &&
    Math.abs(whole[0]) < width / 2 &&
    Math.abs(whole[1]) < height / 2;
  return fits ? whole : null;
}

/** The glaze for this view: kept if the view stands still, shifted and completed if it moved, painted anew if it zoomed. */
function freshGlaze(painter, ctx, view, scene) {
  const { glaze } = painter;
  const { width, height } = ctx.canvas;
  const kind = [view.scale, view.ratio, scene.theme].join("/");
  const shift = painter.network === scene.network ? shiftOf(painter, view, ctx.canvas, kind) : null;
  const pen = glaze.getContext("2d");
  if (shift === null) {
    if (glaze.width !== width || glaze.height !== height) Object.assign(glaze, { width, height });
    paintGlaze(pen, view, scene, [0, 0, width, height]);
  } else if (shift[0] !== 0 || shift[1] !== 0) {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.globalCompositeOperation = "copy";
    pen.drawImage(glaze, ...shift);
    pen.globalCompositeOperation = "source-over";
    for (const frame of exposed(...shift, width, height)) paintGlaze(pen, view, scene, frame);
  }
  Object.assign(painter, { network: scene.network, glazed: { kind, left: view.left, top: view.top } });
  return glaze;
}

/** An area picked by box or lasso: dashed outline in map units' own pixels. */
export function tracePolygon(ctx, view, polygon, projection) {
  usePixels(ctx, view);
  ctx.beginPath();
  polygon.forEach(([lon, lat], at) => {
    const [x, y] = [projection.x(lon) * view.scale + view.left, projection.y(lat) * view.scale + view.top];
    ctx[at ? "lineTo" : "moveTo"](x, y);
  });
  ctx.closePath();
}

function paintPolygon(ctx, view, polygon, { tokens, basemap }) {
  tracePolygon(ctx, view, polygon, basemap.projection);
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = tokens.accent;
  ctx.fill();
  ctx.globalAlpha = 1;
  for (const [colour, width, dash] of [
    [tokens.halo, 4, []],
    [tokens.accent, 2, [7, 4]],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** The selected cell keeps its own outline when another resolution is drawn. */
function paintSelection(ctx, view, scene, selected) {
  if (selected?.polygon?.length > 2) paintPolygon(ctx, view, selected.polygon, scene);
  if (!selected?.cell) return;
  const outline = cellOutline(scene.h3, scene.basemap.projection, ...cellWords(selected.cell));
  ringOutline(ctx, view, outline, {
    inner: scene.tokens.accent,
    halo: scene.tokens.halo,
    innerPx: STROKES.select,
    haloPx: STROKES.selectHalo,
  });
}

function paintFace(ctx, view, scene, state, glaze) {
  paintGround(ctx, view, scene);
  const onStreets = state.layer === "streets";
  if (!onStreets) (state.measure === "class" ? paintUnclassed : paintCells)(ctx, view, scene);
  layGlaze(ctx, view, glaze, scene);
  paintBoundaries(ctx, view, scene);
  const segmentsOf = (streets) => streets.flatMap((street) => scene.basemap.streets[street]?.segments ?? []);
  outlineSegments(ctx, view, scene, segmentsOf(scene.highlighted), { accentPx: STROKES.highlight, haloPx: 0 });
  const selected = [...segmentsOf(scene.selectedStreets), ...scene.selectedSegments];
  outlineSegments(ctx, view, scene, selected, { accentPx: STROKES.select, haloPx: STROKES.selectHalo });
  if (onStreets) paintSegmentValues(ctx, view, scene);
}

/** In class mode the stamps; names then keep off them. */
function stampsOf(view, scene, state) {
  return state.measure === "class" && state.layer !== "streets" ? stampsInView(scene, view) : [];
}

/** Paint the whole picture; `painter.spent` tells the milliseconds by part. */
export function paintPicture(painter, ctx, view, scene, state) {
  const marks = [performance.now()];
  const mark = () => marks.push(performance.now());
  const glaze = freshGlaze(painter, ctx, view, scene);
  mark();
  paintFace(ctx, view, scene, state, glaze);
  const stamps = stampsOf(view, scene, state);
  paintStamps(ctx, view, stamps);
  paintSelection(ctx, view, scene, state.selected);
  paintPlaces(ctx, view, scene);
  mark();
  const chosen = new Set([...scene.highlighted, ...scene.selectedStreets]);
  const plan = planLabels({
    basemap: scene.basemap,
    view,
    heat: scene.heat,
    chosen,
    callouts: state.callouts ?? [],
    stamps,
    widthOf: painter.widthOf,
  });
  mark();
  paintLabels(ctx, view, plan.labels, scene.tokens);
  paintCallouts(ctx, view, plan.discs, scene.tokens);
  mark();
  const [glazeMs, faceMs, planMs, letterMs] = marks.slice(1).map((at, i) => at - marks[i]);
  painter.spent = { glazeMs, faceMs, planMs, letterMs };
  painter.plan = plan;
  useMap(ctx, view);
}
