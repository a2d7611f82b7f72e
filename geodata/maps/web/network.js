/** The street network as drawn and searched: chunks of paths for painting, a grid of segments for pointing. */

import { boxesMeet, distanceToLine2 } from "./mercator.js";

/** Back to front: what is drawn later lies on top. */
export const STREET_CLASSES = ["unclassified", "back", "fringe", "second", "first", "strict"];

const CHUNK = 1024;

const BUCKET = 128;

/** Least width on screen (px) at 4.5 m per pixel; below it a class thins out with the zoom. */
const LEAST_PX = { strict: 5, first: 5, second: 4, fringe: 3.2, back: 2.8, unclassified: 2.8 };

const SKIP_BELOW_PX = 1.2;

/** Width in CSS pixels a street of `widthM` metres is drawn with as a line; 0 means: leave it out at this zoom. */
export function streetPixels(kind, widthM, metresPerPixel) {
  const thinning = Math.min(1, (4.5 / metresPerPixel) ** 0.75);
  const px = Math.max(widthM / metresPerPixel, LEAST_PX[kind] * thinning);
  if (px >= SKIP_BELOW_PX) return px;
  return kind === "strict" || kind === "first" ? SKIP_BELOW_PX : 0;
}

function joinBox(into, box) {
  into[0] = Math.min(into[0], box[0]);
  into[1] = Math.min(into[1], box[1]);
  into[2] = Math.max(into[2], box[2]);
  into[3] = Math.max(into[3], box[3]);
}

/** Class code of a segment's street. */
export function kindOf(basemap, segment) {
  const kind = basemap.streets[basemap.segments.street[segment]]?.kind;
  return kind in LEAST_PX ? kind : "unclassified";
}

function chunkSegments(basemap) {
  const chunks = new Map();
  basemap.segments.boxes.forEach((box, segment) => {
    const key = `${Math.floor((box[0] + box[2]) / 2 / CHUNK)}/${Math.floor((box[1] + box[3]) / 2 / CHUNK)}`;
    if (!chunks.has(key)) chunks.set(key, { box: [...box], kinds: new Map(), paths: null });
    const chunk = chunks.get(key);
    joinBox(chunk.box, box);
    const lot = `${kindOf(basemap, segment)}/${Math.max(2, Math.round(basemap.segments.widthM[segment] / 3) * 3)}`;
    if (!chunk.kinds.has(lot)) chunk.kinds.set(lot, []);
    chunk.kinds.get(lot).push(segment);
  });
  return [...chunks.values()];
}

function bucketSegments(basemap) {
  const buckets = new Map();
  basemap.segments.boxes.forEach((box, segment) => {
    for (let column = Math.floor(box[0] / BUCKET); column <= Math.floor(box[2] / BUCKET); column += 1) {
      for (let row = Math.floor(box[1] / BUCKET); row <= Math.floor(box[3] / BUCKET); row += 1) {
        const key = column * 1e6 + row;
        if (!buckets.has(key)) buckets.set(key, []);
        buckets.get(key).push(segment);
      }
    }
  });
  return buckets;
}

/** Index the streets of a decoded base map. Paths are made on first use. */
export function createNetwork(basemap) {
  return { basemap, chunks: chunkSegments(basemap), buckets: bucketSegments(basemap), shapes: new Map() };
}

export function tracePoints(path, points, closed) {
  path.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
  if (closed) path.closePath();
}

/** One segment's polygon (or null if it has none) and centre line as paths in map units, cached. */
export function segmentShape(network, segment) {
  if (!network.shapes.has(segment)) {
    const [line, rings] = [new Path2D(), network.basemap.segments.rings[segment]];
    const polygon = rings?.length ? new Path2D() : null;
    tracePoints(line, network.basemap.segments.lines[segment], false);
    rings?.forEach((ring) => tracePoints(polygon, ring, true));
    network.shapes.set(segment, { line, polygon });
  }
  return network.shapes.get(segment);
}

function chunkPaths(network, chunk) {
  chunk.paths ??= [...chunk.kinds].map(([lot, segments]) => {
    const [kind, widthM] = lot.split("/");
    const [line, polygon] = [new Path2D(), new Path2D()];
    let bare = true;
    for (const segment of segments) {
      tracePoints(line, network.basemap.segments.lines[segment], false);
      for (const ring of network.basemap.segments.rings[segment] ?? []) {
        tracePoints(polygon, ring, true);
        bare = false;
      }
    }
    return { kind, widthM: Number(widthM), line, polygon: bare ? null : polygon };
  });
  return chunk.paths;
}

/** Paths of every chunk that meets `box`, least important class first. */
export function pathsInBox(network, box) {
  const lots = network.chunks
    .filter((chunk) => boxesMeet(chunk.box, box))
    .flatMap((chunk) => chunkPaths(network, chunk));
  return lots.sort((a, b) => STREET_CLASSES.indexOf(a.kind) - STREET_CLASSES.indexOf(b.kind));
}

/** Segments whose box meets `box`, in index order. */
export function segmentsInBox(network, box) {
  const found = [];
  network.basemap.segments.boxes.forEach((own, segment) => {
    if (boxesMeet(own, box)) found.push(segment);
  });
  return found;
}

/** The segment nearest to (x, y) within `reach` map units, or -1. `wanted` may refuse segments. */
export function nearestSegment(network, x, y, reach, wanted = () => true) {
  let [best, nearest] = [-1, reach * reach];
  const seen = new Set();
  for (let column = Math.floor((x - reach) / BUCKET); column <= Math.floor((x + reach) / BUCKET); column += 1) {
    for (let row = Math.floor((y - reach) / BUCKET); row <= Math.floor((y + reach) / BUCKET); row += 1) {
      for (const segment of network.buckets.get(column * 1e6 + row) ?? []) {
        if (seen.has(segment) || !wanted(segment)) continue;
        seen.add(segment);
        const distance = distanceToLine2(network.basemap.segments.lines[segment], x, y);
        if (distance < nearest) [best, nearest] = [segment, distance];
      }
    }
  }
  return best;
}

/** The named street nearest to a cell's centre, within the cell: its index in `basemap.streets`, or -1. Kept in `layer.street`. */
export function streetOfCell(network, layer, at) {
  if (layer.street[at] === -2) {
    const [x, y] = [layer.set.centre[2 * at], layer.set.centre[2 * at + 1]];
    const reach = 1.15 * Math.hypot(layer.set.outline[12 * at] - x, layer.set.outline[12 * at + 1] - y);
    const named = (segment) => Boolean(network.basemap.streets[network.basemap.segments.street[segment]]?.name);
    const segment = nearestSegment(network, x, y, reach, named);
    layer.street[at] = segment < 0 ? -1 : network.basemap.segments.street[segment];
  }
  return layer.street[at];
}
