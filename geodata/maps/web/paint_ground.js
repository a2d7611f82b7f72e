/** Ground, water and green below; area boundaries and key places above. Every function draws on a 2-D context and returns nothing. */

import { boxesMeet } from "./mercator.js";
import { tracePoints } from "./network.js";
import { STROKES } from "./tokens.js";

/** Draw in CSS pixels of the padded canvas. */
export function usePixels(ctx, view) {
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
}

/** Draw in map units; divide widths in CSS pixels by `view.scale`. */
export function useMap(ctx, view) {
  const scale = view.ratio * view.scale;
  ctx.setTransform(scale, 0, 0, scale, view.ratio * view.left, view.ratio * view.top);
}

function ringPath(rings) {
  const path = new Path2D();
  rings.forEach((ring) => tracePoints(path, ring, true));
  return path;
}

/** Boundaries of areas with every shared edge once, so that dashes never fall on dashes; `seen` carries the edges drawn. */
function edgePath(areas, seen) {
  const path = new Path2D();
  for (const ring of areas.flatMap((area) => area.rings)) {
    let pen = false;
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const [a, b] = [
        `${ring[i].toFixed(1)},${ring[i + 1].toFixed(1)}`,
        `${ring[j].toFixed(1)},${ring[j + 1].toFixed(1)}`,
      ];
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      if (a === b) continue;
      if (seen.has(key)) {
        pen = false;
        continue;
      }
      seen.add(key);
      if (!pen) path.moveTo(ring[i], ring[i + 1]);
      path.lineTo(ring[j], ring[j + 1]);
      pen = true;
    }
  }
  return path;
}

function pathsOf(basemap) {
  const seen = new Set();
  basemap.paths ??= {
    areas: basemap.areas.map((area) => ({ box: area.box, path: ringPath(area.rings) })),
    edges: edgePath(
      basemap.areas.filter((area) => area.rank === 0),
      seen,
    ),
    inner: edgePath(
      basemap.areas.filter((area) => area.rank > 0),
      seen,
    ),
    water: ringPath(basemap.water),
    green: ringPath(basemap.green),
  };
  return basemap.paths;
}

export function paintGround(ctx, view, { basemap, tokens }) {
  const paths = pathsOf(basemap);
  usePixels(ctx, view);
  ctx.globalAlpha = 1;
  if (basemap.tiles) {
    ctx.clearRect(0, 0, view.width, view.height);
    return;
  }
  ctx.fillStyle = basemap.areas.length ? tokens.outside : tokens.ground;
  ctx.fillRect(0, 0, view.width, view.height);
  useMap(ctx, view);
  ctx.fillStyle = tokens.ground;
  ctx.strokeStyle = tokens.ground;
  ctx.lineWidth = 1 / view.scale;
  for (const area of paths.areas) {
    if (!boxesMeet(area.box, view.box)) continue;
    ctx.fill(area.path, "evenodd");
    ctx.stroke(area.path);
  }
  ctx.fillStyle = tokens.green;
  ctx.fill(paths.green);
  ctx.fillStyle = tokens.water;
  ctx.fill(paths.water, "evenodd");
}

/** Inner boundaries (社区 within 街道) show from this scale on. */
export const INNER_FROM_METRES_PER_PIXEL = 6;

function strokeDashed(ctx, view, path, { width, dash, alpha }) {
  ctx.globalAlpha = alpha;
  ctx.lineWidth = width / view.scale;
  ctx.setLineDash(dash.map((px) => px / view.scale));
  ctx.stroke(path);
}

export function paintBoundaries(ctx, view, { basemap, tokens }) {
  const paths = pathsOf(basemap);
  useMap(ctx, view);
  ctx.lineCap = "butt";
  ctx.strokeStyle = tokens.boundary;
  if (view.metresPerPixel < INNER_FROM_METRES_PER_PIXEL)
    strokeDashed(ctx, view, paths.inner, { width: 1, dash: [2, 3.5], alpha: 0.7 });
  strokeDashed(ctx, view, paths.edges, {
    width: STROKES.boundary,
    dash: [9, 3.5, 1.6, 3.5],
    alpha: Math.min(1, Math.max(0.45, 12 / view.metresPerPixel)),
  });
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Key places show from this scale on. */
export const PLACE_FROM_METRES_PER_PIXEL = 9;

/** Key places as small ringed dots; their names are lettered with the streets. */
export function paintPlaces(ctx, view, { basemap, tokens }) {
  if (view.metresPerPixel > PLACE_FROM_METRES_PER_PIXEL) return;
  usePixels(ctx, view);
  for (const place of basemap.places) {
    const [x, y] = [place.at[0] * view.scale + view.left, place.at[1] * view.scale + view.top];
    if (x < -9 || y < -9 || x > view.width + 9 || y > view.height + 9) continue;
    ctx.beginPath();
    ctx.arc(x, y, 3.4, 0, 2 * Math.PI);
    ctx.fillStyle = tokens.panel;
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = tokens.place;
    ctx.stroke();
  }
}
