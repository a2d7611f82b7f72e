/** Streets: a glaze over hexagons, or coloured by their own numbers; the highlighted and the selected outlined. */

import { useMap } from "./paint_ground.js";
import { pathsInBox, segmentShape, segmentsInBox, kindOf, streetPixels } from "./network.js";
import { STROKES, casingForGlaze } from "./tokens.js";

/** Polygons are drawn from here on; further out streets are lines whose least width keeps the network readable. */
const POLYGONS_BELOW_METRES_PER_PIXEL = 2.6;

/** Thinner lines than this get square ends: round ones would not be seen and cost the most. */
const PLAIN_BELOW_PX = 3;

export function drawsPolygons(view) {
  return view.metresPerPixel < POLYGONS_BELOW_METRES_PER_PIXEL;
}

/** Narrow streets get a thinner casing, or the casing would be all one sees of them. */
function strokeLots(ctx, view, lots, colour, casingPx) {
  ctx.strokeStyle = colour;
  for (const lot of lots) {
    const px = streetPixels(lot.kind, lot.widthM, view.metresPerPixel);
    if (px === 0) continue;
    ctx.lineWidth = (px + 2 * casingPx * Math.min(1, px / 3.2)) / view.scale;
    ctx.lineCap = px < PLAIN_BELOW_PX ? "butt" : "round";
    ctx.lineJoin = px < PLAIN_BELOW_PX ? "bevel" : "round";
    ctx.stroke(lot.line);
  }
}

function fillLots(ctx, view, lots, colour) {
  ctx.strokeStyle = ctx.fillStyle = colour;
  for (const lot of lots) {
    if (lot.polygon) ctx.fill(lot.polygon);
    else {
      ctx.lineWidth = streetPixels(lot.kind, lot.widthM, view.metresPerPixel) / view.scale;
      ctx.stroke(lot.line);
    }
  }
}

function caseLots(ctx, view, lots, colour) {
  ctx.strokeStyle = colour;
  for (const lot of lots) {
    ctx.lineWidth =
      (lot.polygon
        ? 2 * STROKES.casing
        : streetPixels(lot.kind, lot.widthM, view.metresPerPixel) + 2 * STROKES.casing) / view.scale;
    ctx.stroke(lot.polygon ?? lot.line);
  }
}

/**
 * Paint the network opaquely on its own canvas, within `frame` [x, y, width, height] in device pixels: casing below,
 * fill above, so that crossings merge.
 */
export function paintGlaze(ctx, view, { network, tokens }, frame) {
  const [x, y, width, height] = frame.map((px) => px / view.ratio);
  const toMap = (px, offset) => (px - offset) / view.scale;
  const box = [
    toMap(x - 40, view.left),
    toMap(y - 40, view.top),
    toMap(x + width + 40, view.left),
    toMap(y + height + 40, view.top),
  ];
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.beginPath();
  ctx.rect(...frame);
  ctx.clip();
  ctx.clearRect(...frame);
  paintNetwork(ctx, view, pathsInBox(network, box), tokens);
  ctx.restore();
}

function paintNetwork(ctx, view, lots, tokens) {
  useMap(ctx, view);
  ctx.lineCap = ctx.lineJoin = "round";
  const casing = casingForGlaze(tokens);
  if (drawsPolygons(view)) {
    caseLots(ctx, view, lots, casing);
    fillLots(ctx, view, lots, tokens.glaze);
    return;
  }
  strokeLots(ctx, view, lots, casing, STROKES.casing);
  strokeLots(ctx, view, lots, tokens.glaze, 0);
}

/** Lay the finished glaze over the map once, at the theme's alpha. */
export function layGlaze(ctx, view, glaze, { tokens }) {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = tokens.glazeAlpha;
  ctx.drawImage(glaze, 0, 0);
  ctx.globalAlpha = 1;
}

function segmentPixels(scene, view, segment, least) {
  return Math.max(
    least,
    streetPixels(kindOf(scene.basemap, segment), scene.basemap.segments.widthM[segment], view.metresPerPixel),
  );
}

function coverSegment(ctx, view, scene, segment, { colour, extraPx, leastPx }) {
  const shape = segmentShape(scene.network, segment);
  ctx.strokeStyle = ctx.fillStyle = colour;
  if (drawsPolygons(view) && shape.polygon) {
    if (extraPx) {
      ctx.lineWidth = extraPx / view.scale;
      ctx.stroke(shape.polygon);
    }
    ctx.fill(shape.polygon);
    return;
  }
  ctx.lineWidth = (segmentPixels(scene, view, segment, leastPx) + extraPx) / view.scale;
  ctx.stroke(shape.line);
}

/** Streets layer: every segment with a value in its own step, the hottest on top. */
export function paintSegmentValues(ctx, view, scene) {
  useMap(ctx, view);
  ctx.globalAlpha = 1;
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  const lots = [[], [], [], [], [], [], []];
  for (const segment of segmentsInBox(scene.network, view.box)) {
    const step = scene.stepFor(scene.segmentValue[segment], scene.segmentGiven[segment]);
    if (step >= 0) lots[step].push(segment);
  }
  ctx.lineCap = "round";
  lots.forEach((segments, step) => {
    for (const segment of segments)
      coverSegment(ctx, view, scene, segment, { colour: scene.tokens.casing, extraPx: 1.2, leastPx: 2.6 });
    for (const segment of segments)
      coverSegment(ctx, view, scene, segment, { colour: scene.colours[step], extraPx: 0, leastPx: 2.6 });
  });
}

/** Outline segments: halo (if any), accent, then the street's own ground inside. */
export function outlineSegments(ctx, view, scene, segments, { accentPx, haloPx }) {
  useMap(ctx, view);
  ctx.globalAlpha = 1;
  ctx.lineCap = ctx.lineJoin = "round";
  const passes = [
    [scene.tokens.accent, 2 * accentPx],
    [scene.tokens.glaze, 0],
  ];
  if (haloPx) passes.unshift([scene.tokens.halo, 2 * haloPx]);
  for (const [colour, extraPx] of passes) {
    for (const segment of segments) coverSegment(ctx, view, scene, segment, { colour, extraPx, leastPx: 2.6 });
  }
}
