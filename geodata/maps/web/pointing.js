/** What is under a point, and the light canvas above the map that shows it. */

import { cellOutline, cellWords } from "./cells.js";
import { findCell } from "./field.js";
import { viewOf } from "./mercator.js";
import { nearestSegment, segmentShape } from "./network.js";
import { drawsPolygons } from "./paint_streets.js";
import { ringOutline } from "./paint_cells.js";
import { useMap, usePixels } from "./paint_ground.js";

const REACH_PX = 9;

/** The drawn cell at [lon, lat]: {layer, at, id}, or null. The hexagon drawn at a resolution is the one h3 indexes there. */
export function cellUnder(host, lon, lat) {
  const { scene, h3 } = host;
  const id = h3.latLngToCell(lat, lon, scene.resolution);
  const found = findCell(scene.field, ...cellWords(id));
  return found && { ...found, id };
}

/** The segment within 9 px of [lon, lat], or -1. */
export function segmentUnder(host, lon, lat) {
  const { projection } = host.workings.basemap;
  return nearestSegment(
    host.workings.network,
    projection.x(lon),
    projection.y(lat),
    REACH_PX / host.overlay.view.scale,
  );
}

/** The view of a canvas that exactly covers the map's frame. */
function frameView(host) {
  const { map, workings } = host;
  const [size, corner] = [map.getSize(), map.getPixelBounds().min];
  return viewOf({
    projection: workings.basemap.projection,
    zoom: map.getZoom(),
    worldLeft: corner.x,
    worldTop: corner.y,
    width: size.x,
    height: size.y,
    ratio: (window.devicePixelRatio || 1) * host.enlarge,
  });
}

/** Fit the canvas to the frame, clear it, and return its context and view. */
function fresh(canvas, host) {
  const view = frameView(host);
  const [width, height] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return { ctx, view };
}

function traceSegment(ctx, view, host, segment) {
  const shape = segmentShape(host.workings.network, segment);
  const path = drawsPolygons(view) && shape.polygon ? shape.polygon : shape.line;
  useMap(ctx, view);
  ctx.lineJoin = ctx.lineCap = "round";
  for (const [colour, width] of [
    [host.scene.tokens.halo, 6],
    [host.scene.tokens.ink, 2.6],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width / view.scale;
    ctx.stroke(path);
  }
}

/** Show what the pointer is on: {cell} or {segment}, or nothing. */
export function showHover(canvas, host, under) {
  if (!host.scene) return;
  const { ctx, view } = fresh(canvas, host);
  if (under?.cell)
    ringOutline(ctx, view, cellOutline(host.h3, host.workings.basemap.projection, ...cellWords(under.cell.id)), {
      inner: host.scene.tokens.ink,
      halo: host.scene.tokens.halo,
      innerPx: 1.8,
      haloPx: 4.4,
    });
  if (under?.segment >= 0) traceSegment(ctx, view, host, under.segment);
}

/** Show the outline being dragged, in container pixels; null clears it. */
export function showSketch(canvas, host, points) {
  if (!host.scene) return;
  const { ctx, view } = fresh(canvas, host);
  if (!points) return;
  usePixels(ctx, view);
  ctx.beginPath();
  points.forEach(([x, y], at) => ctx[at ? "lineTo" : "moveTo"](x, y));
  ctx.closePath();
  ctx.globalAlpha = 0.14;
  ctx.fillStyle = host.scene.tokens.accent;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = host.scene.tokens.accent;
  ctx.lineWidth = 2;
  ctx.setLineDash([7, 4]);
  ctx.stroke();
  ctx.setLineDash([]);
}
