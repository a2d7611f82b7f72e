/** H3 cells as two unsigned 32-bit words: parents by bit operations, sums, and cached outlines in map units. */

/** The parent at `resolution` of the cell (hi, lo), as [hi, lo]. No BigInt: twenty thousand cells take about a millisecond. */
export function parentOf(hi, lo, resolution) {
  const bits = 3 * (15 - resolution);
  const high = ((hi & ~(15 << 20)) | (resolution << 20)) >>> 0;
  if (bits < 32) return [high, (lo | (2 ** bits - 1)) >>> 0];
  return [(high | (2 ** (bits - 32) - 1)) >>> 0, 0xffffffff];
}

/** An exact number standing for a cell of one resolution: mode and resolution bits are dropped, 52 bits remain. */
export function cellKey(hi, lo) {
  return (hi & 0xfffff) * 4294967296 + lo;
}

/** The cell's H3 index as lower-case hexadecimal, as h3 writes it. */
export function cellHex(hi, lo) {
  return hi.toString(16) + lo.toString(16).padStart(8, "0");
}

export function cellWords(hex) {
  const padded = hex.padStart(16, "0");
  return [parseInt(padded.slice(0, 8), 16), parseInt(padded.slice(8), 16)];
}

const GROUP_STEPS = 3;

/** Order of the cells so that those with the same coarse parent stand together, and where each group starts. */
function grouped(hi, lo, resolution) {
  const coarse = Math.max(0, resolution - GROUP_STEPS);
  const keys = Float64Array.from(hi, (high, at) => cellKey(...parentOf(high, lo[at], coarse)));
  const order = Uint32Array.from(keys, (_, at) => at).sort((a, b) => keys[a] - keys[b] || lo[a] - lo[b]);
  const starts = [];
  order.forEach((at, rank) => {
    if (rank === 0 || keys[at] !== keys[order[rank - 1]]) starts.push(rank);
  });
  return { order, starts: [...starts, order.length], coarse };
}

/**
 * A set of distinct cells of one resolution with lazy geometry.
 *
 * Outlines come from h3-js the first time a group of cells (the children of one coarse parent) comes into view:
 * twelve floats per cell in `outline` (pentagons repeat a vertex), pulled 3.5 % towards the centre, and `centre`.
 */
export function createCellSet({ hi, lo, resolution, h3, projection }) {
  const { order, starts, coarse } = grouped(hi, lo, resolution);
  const [high, low] = [Uint32Array.from(order, (at) => hi[at]), Uint32Array.from(order, (at) => lo[at])];
  const at = new Map();
  for (let i = 0; i < high.length; i += 1) at.set(cellKey(high[i], low[i]), i);
  return {
    resolution,
    hi: high,
    lo: low,
    order,
    at,
    starts,
    coarse,
    h3,
    projection,
    count: high.length,
    outline: new Float32Array(high.length * 12),
    centre: new Float32Array(high.length * 2),
    ready: new Uint8Array(starts.length - 1),
    boxes: new Array(starts.length - 1),
  };
}

const INSET = 0.965;

/** Vertices of one cell in map units, interleaved; six for a hexagon, five for a pentagon, more across an icosahedron edge. */
export function cellOutline(h3, projection, hi, lo) {
  return h3.cellToBoundary([lo, hi]).flatMap(([lat, lon]) => [projection.x(lon), projection.y(lat)]);
}

function sixVertices(points) {
  if (points.length === 12) return points;
  if (points.length < 12) return [...points, ...points.slice(-2)];
  const step = points.length / 2 / 6;
  return [0, 1, 2, 3, 4, 5].flatMap((k) => {
    const i = 2 * Math.floor(k * step);
    return [points[i], points[i + 1]];
  });
}

function shapeCell(set, i) {
  const points = sixVertices(cellOutline(set.h3, set.projection, set.hi[i], set.lo[i]));
  let [x, y] = [0, 0];
  for (let k = 0; k < 12; k += 2) {
    x += points[k] / 6;
    y += points[k + 1] / 6;
  }
  set.centre[2 * i] = x;
  set.centre[2 * i + 1] = y;
  for (let k = 0; k < 12; k += 2) {
    set.outline[12 * i + k] = x + (points[k] - x) * INSET;
    set.outline[12 * i + k + 1] = y + (points[k + 1] - y) * INSET;
  }
}

/** Shape one cell without waiting for its group to come into view. */
export function ensureShaped(set, i) {
  if (set.outline[12 * i] === 0 && set.outline[12 * i + 1] === 0) shapeCell(set, i);
}

/** The box a group's cells surely lie in: its parent's outline, widened because children stick out of their parent. */
function groupBox(set, group) {
  if (set.boxes[group]) return set.boxes[group];
  const first = set.starts[group];
  const points = cellOutline(set.h3, set.projection, ...parentOf(set.hi[first], set.lo[first], set.coarse));
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < points.length; k += 2) {
    box[0] = Math.min(box[0], points[k]);
    box[1] = Math.min(box[1], points[k + 1]);
    box[2] = Math.max(box[2], points[k]);
    box[3] = Math.max(box[3], points[k + 1]);
  }
  const margin = 0.35 * (box[2] - box[0]);
  set.boxes[group] = [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
  return set.boxes[group];
}

/** Indices of the set's cells that may be seen in `box`, shaped and ready to draw, in the set's order. */
export function cellsInBox(set, box) {
  const seen = [];
  for (let group = 0; group + 1 < set.starts.length; group += 1) {
    const around = groupBox(set, group);
    if (around[0] > box[2] || around[2] < box[0] || around[1] > box[3] || around[3] < box[1]) continue;
    if (!set.ready[group]) {
      for (let i = set.starts[group]; i < set.starts[group + 1]; i += 1) shapeCell(set, i);
      set.ready[group] = 1;
    }
    const radius =
      2 *
      Math.hypot(
        set.outline[12 * set.starts[group]] - set.centre[2 * set.starts[group]],
        set.outline[12 * set.starts[group] + 1] - set.centre[2 * set.starts[group] + 1],
      );
    for (let i = set.starts[group]; i < set.starts[group + 1]; i += 1) {
      const [x, y] = [set.centre[2 * i], set.centre[2 * i + 1]];
      if (x > box[0] - radius && x < box[2] + radius && y > box[1] - radius && y < box[3] + radius) seen.push(i);
    }
  }
  return seen;
}

/** Distinct parents at `resolution` of the given cells, and for each cell the position of its parent. */
export function coarsen(hi, lo, resolution) {
  const at = new Map();
  const [high, low] = [[], []];
  const member = new Uint32Array(hi.length);
  for (let i = 0; i < hi.length; i += 1) {
    const [parentHi, parentLo] = parentOf(hi[i], lo[i], resolution);
    const key = cellKey(parentHi, parentLo);
    let position = at.get(key);
    if (position === undefined) {
      position = high.length;
      at.set(key, position);
      high.push(parentHi);
      low.push(parentLo);
    }
    member[i] = position;
  }
  return { hi: Uint32Array.from(high), lo: Uint32Array.from(low), member };
}
