/** Hexagons: opaque, one fill each; empty ones as outlines, silent ones hatched. */

import { useMap, usePixels } from "./paint_ground.js";
import { STROKES, SANS } from "./tokens.js";

function traceCell(ctx, outline, at) {
  const i = 12 * at;
  ctx.moveTo(outline[i], outline[i + 1]);
  for (let k = 2; k < 12; k += 2) ctx.lineTo(outline[i + k], outline[i + k + 1]);
  ctx.closePath();
}

/** 45° lines fixed to the ground, so that they do not crawl while the map is moved. */
function hatchPattern(ctx, view, tokens) {
  const side = Math.round(7 * view.ratio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  pen.fillStyle = tokens.hatchGround;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = tokens.hatch;
  pen.lineWidth = 1.9 * view.ratio;
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
    pen.stroke();
  }
  const pattern = ctx.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / (view.ratio * view.scale)));
  return pattern;
}

function paintEmpty(ctx, view, layer, seen, tokens) {
  ctx.strokeStyle = tokens.zero;
  ctx.lineWidth = STROKES.zero / view.scale;
  for (let from = 0; from < seen.length; from += 64) {
    ctx.beginPath();
    for (const at of seen.slice(from, from + 64)) traceCell(ctx, layer.set.outline, at);
    ctx.stroke();
  }
}

function paintFilled(ctx, layer, seen, fill) {
  ctx.fillStyle = fill;
  for (const at of seen) {
    ctx.beginPath();
    traceCell(ctx, layer.set.outline, at);
    ctx.fill();
  }
}

/** Cells in view sorted into the seven steps, the empty and the silent. */
export function sortCells(layer, seen, stepFor, silent) {
  const lots = { steps: [[], [], [], [], [], [], []], empty: [], hatched: [] };
  for (const at of seen) {
    const step = stepFor(layer.value[at], layer.given[at]);
    if (step >= 0) lots.steps[step]?.push(at);
    else if (silent.has(layer.area[at]) && layer.sum[at] === 0) lots.hatched.push(at);
    else lots.empty.push(at);
  }
  return lots;
}

function paintLayer(ctx, view, layer, seen, scene) {
  const lots = sortCells(layer, seen, scene.stepFor, scene.silent);
  useMap(ctx, view);
  paintEmpty(ctx, view, layer, lots.empty, scene.tokens);
  if (lots.hatched.length) paintFilled(ctx, layer, lots.hatched, hatchPattern(ctx, view, scene.tokens));
  lots.steps.forEach((cells, step) => paintFilled(ctx, layer, cells, scene.colours[step]));
}

const SIGNIFICANT_PX = 1.7;

/** Ink outlines round the significant cells, on a halo: the fullest colours are as dark as ink, or as light. */
function paintSignificant(ctx, view, layer, seen, tokens) {
  const flagged = seen.filter((at) => layer.flag[at]);
  for (const [colour, width] of [
    [tokens.halo, 2 * SIGNIFICANT_PX],
    [tokens.ink, SIGNIFICANT_PX],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width / view.scale;
    for (const at of flagged) {
      ctx.beginPath();
      traceCell(ctx, layer.set.outline, at);
      ctx.stroke();
    }
  }
}

/** Paint all layers of the field; `scene.seen` holds for each layer the cells in view. */
export function paintCells(ctx, view, scene) {
  ctx.globalAlpha = 1;
  scene.field.forEach((layer, at) => {
    paintLayer(ctx, view, layer, scene.seen[at], scene);
    paintSignificant(ctx, view, layer, scene.seen[at], scene.tokens);
  });
}

/** Class mode, below the streets: tested cells without a class, and the silent ones; of the rest nothing is known. */
export function paintUnclassed(ctx, view, scene) {
  ctx.globalAlpha = 1;
  const [layer] = scene.field;
  const none = scene.seen[0].filter((at) => !(layer.sum[at] > 0));
  const silent = (at) => !layer.given[at] && scene.silent.has(layer.area[at]);
  useMap(ctx, view);
  paintEmpty(
    ctx,
    view,
    layer,
    none.filter((at) => layer.given[at]),
    scene.tokens,
  );
  const hatched = none.filter(silent);
  if (hatched.length) paintFilled(ctx, layer, hatched, hatchPattern(ctx, view, scene.tokens));
}

/** Stamped cells in view: centre and edge in CSS pixels, and the class. */
export function stampsInView(scene, view) {
  return scene.field.flatMap((layer, which) =>
    scene.seen[which]
      .filter((at) => layer.sum[at] > 0 && scene.classes[layer.sum[at] - 1])
      .map((at) => {
        const [x, y] = [layer.set.centre[2 * at], layer.set.centre[2 * at + 1]];
        const edge = Math.hypot(layer.set.outline[12 * at] - x, layer.set.outline[12 * at + 1] - y) * view.scale;
        return {
          layer,
          at,
          x: x * view.scale + view.left,
          y: y * view.scale + view.top,
          edge,
          entry: scene.classes[layer.sum[at] - 1],
        };
      }),
  );
}

/** Class mode, above the streets: each cell in its class's colour with the class's one-character stamp where it is large enough. */
export function paintStamps(ctx, view, stamps) {
  ctx.globalAlpha = 1;
  useMap(ctx, view);
  for (const { layer, at, entry } of stamps) paintFilled(ctx, layer, [at], entry.colour);
  usePixels(ctx, view);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { x, y, edge, entry } of stamps) {
    if (edge < 8) continue;
    ctx.font = `700 ${Math.min(22, edge * 0.98)}px ${SANS}`;
    ctx.fillStyle = entry.inkOn;
    ctx.fillText(entry.stamp, x, y + edge * 0.05);
  }
}

/** An accent ring inside a halo round an outline in map units. */
export function ringOutline(ctx, view, points, { inner, halo, innerPx, haloPx }) {
  useMap(ctx, view);
  ctx.beginPath();
  for (let k = 0; k < points.length; k += 2) ctx[k === 0 ? "moveTo" : "lineTo"](points[k], points[k + 1]);
  ctx.closePath();
  ctx.lineJoin = "round";
  for (const [colour, width] of [
    [halo, haloPx],
    [inner, innerPx],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width / view.scale;
    ctx.stroke();
  }
}
