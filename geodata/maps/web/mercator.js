/** Web Mercator in "map units": pixels at zoom 16, relative to the base map's origin, y down. */

export const UNIT_ZOOM = 16;

const WORLD = 256 * 2 ** UNIT_ZOOM;

const EARTH_CIRCUMFERENCE_M = 40075016.686;

export function worldX(lon) {
  return ((lon + 180) / 360) * WORLD;
}

export function worldY(lat) {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

/** Projection about `origin` [lon, lat] in WGS-84 degrees. Relative units keep 32-bit floats exact to 0.01 px at zoom 19. */
export function projectionAt(origin) {
  const [x0, y0] = [worldX(origin[0]), worldY(origin[1])];
  return {
    x0,
    y0,
    x: (lon) => worldX(lon) - x0,
    y: (lat) => worldY(lat) - y0,
    lon: (x) => ((x + x0) / WORLD) * 360 - 180,
    lat: (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + y0)) / WORLD))) * 180) / Math.PI,
    metresPerUnit: (EARTH_CIRCUMFERENCE_M * Math.cos((origin[1] * Math.PI) / 180)) / WORLD,
  };
}

/** The padded canvas as seen from map units: x_px = x * scale + left. */
export function viewOf({ projection, zoom, worldLeft, worldTop, width, height, ratio }) {
  const scale = 2 ** (zoom - UNIT_ZOOM);
  const [left, top] = [projection.x0 * scale - worldLeft, projection.y0 * scale - worldTop];
  return {
    zoom,
    scale,
    left,
    top,
    width,
    height,
    ratio,
    metresPerPixel: projection.metresPerUnit / scale,
    box: [-left / scale, -top / scale, (width - left) / scale, (height - top) / scale],
  };
}

/** Do two boxes [left, top, right, bottom] touch? */
export function boxesMeet(a, b) {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}

/** Box [left, top, right, bottom] of interleaved x, y. */
export function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    if (points[i] < box[0]) box[0] = points[i];
    if (points[i] > box[2]) box[2] = points[i];
    if (points[i + 1] < box[1]) box[1] = points[i + 1];
    if (points[i + 1] > box[3]) box[3] = points[i + 1];
  }
  return box;
}

/** Length of an interleaved polyline, in its own units. */
export function lineLength(points) {
  let length = 0;
  for (let i = 2; i < points.length; i += 2)
    length += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
  return length;
}

/** Squared distance from (x, y) to an interleaved polyline. */
export function distanceToLine2(points, x, y) {
  let best = Infinity;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [dx, dy] = [points[i + 2] - points[i], points[i + 3] - points[i + 1]];
    const along = ((x - points[i]) * dx + (y - points[i + 1]) * dy) / (dx * dx + dy * dy || 1);
    const t = along < 0 ? 0 : along > 1 ? 1 : along;
    const [ex, ey] = [points[i] + t * dx - x, points[i + 1] + t * dy - y];
    best = Math.min(best, ex * ex + ey * ey);
  }
  return best;
}

/** Is (x, y) inside an interleaved ring (even–odd)? */
export function insideRing(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const crosses = ring[i + 1] > y !== ring[j + 1] > y;
    if (crosses && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i])
      inside = !inside;
  }
  return inside;
}
