/** A street's segments joined end to end into as few long lines as possible: the lines labels are laid along. */

const NEAR = 22;

const STRAIGHT_ENOUGH = Math.cos((50 * Math.PI) / 180);

function reversed(points) {
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    out[i] = points[points.length - 2 - i];
    out[i + 1] = points[points.length - 1 - i];
  }
  return out;
}

function heading(points, atEnd) {
  const last = points.length - 2;
  const [a, b] = atEnd ? [Math.max(0, last - 4), last] : [0, Math.min(last, 4)];
  const [dx, dy] = [points[b] - points[a], points[b + 1] - points[a + 1]];
  const length = Math.hypot(dx, dy) || 1;
  return [dx / length, dy / length];
}

/** Both ends of a line as places to join at: where it starts and which way it goes, forwards and turned round. */
function endsOf(line) {
  const last = line.length - 2;
  const [out, back] = [heading(line, false), heading(line, true)];
  return [
    { x: line[0], y: line[1], wx: out[0], wy: out[1] },
    { x: line[last], y: line[last + 1], wx: -back[0], wy: -back[1] },
  ];
}

/** The unused line that best continues `points` from its end, turned the right way round, or null. */
function continuation(points, lines, ends, used) {
  const [x, y] = [points[points.length - 2], points[points.length - 1]];
  const [ax, ay] = heading(points, true);
  let best = null;
  for (let at = 0; at < lines.length; at += 1) {
    if (used.has(at)) continue;
    for (let turn = 0; turn < 2; turn += 1) {
      const end = ends[at][turn];
      const [gx, gy] = [end.x - x, end.y - y];
      if (Math.abs(gx) > NEAR || Math.abs(gy) > NEAR) continue;
      const gap = Math.hypot(gx, gy);
      if (gap > NEAR || (best && gap >= best.gap) || end.wx * ax + end.wy * ay < STRAIGHT_ENOUGH) continue;
      if (gap > 3 && (gx * ax + gy * ay) / gap < STRAIGHT_ENOUGH) continue;
      best = { gap, at, turn };
    }
  }
  return best && { at: best.at, points: best.turn ? reversed(lines[best.at]) : lines[best.at] };
}

function extended(points, lines, ends, used) {
  let grown = points;
  for (let next = continuation(grown, lines, ends, used); next; next = continuation(grown, lines, ends, used)) {
    used.add(next.at);
    const joined = new Float32Array(grown.length + next.points.length);
    joined.set(grown);
    joined.set(next.points, grown.length);
    grown = joined;
  }
  return grown;
}

/** Arc length at each vertex; distinct vertices only. */
function measured(points) {
  const kept = [points[0], points[1]];
  const arc = [0];
  for (let i = 2; i < points.length; i += 2) {
    const step = Math.hypot(points[i] - kept[kept.length - 2], points[i + 1] - kept[kept.length - 1]);
    if (step < 0.01) continue;
    kept.push(points[i], points[i + 1]);
    arc.push(arc[arc.length - 1] + step);
  }
  return { points: Float32Array.from(kept), arc: Float32Array.from(arc), length: arc[arc.length - 1] };
}

/** Chains of a street, longest first; `lines` are its segments' centre lines in map units. Deterministic. */
export function chainsOf(lines) {
  const sorted = lines
    .map((line, at) => at)
    .sort((a, b) => lines[b].length - lines[a].length || a - b)
    .map((at) => lines[at]);
  const ends = sorted.map(endsOf);
  const used = new Set();
  const chains = [];
  sorted.forEach((line, at) => {
    if (used.has(at)) return;
    used.add(at);
    const forward = extended(line, sorted, ends, used);
    chains.push(measured(extended(reversed(forward), sorted, ends, used)));
  });
  return chains.filter((chain) => chain.length > 0).sort((a, b) => b.length - a.length);
}

/** Point of a chain at arc length `s`, clamped to its ends, as [x, y]. */
export function pointAt(chain, s) {
  const { points, arc } = chain;
  let [low, high] = [0, arc.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (arc[middle] <= s) low = middle;
    else high = middle;
  }
  const t = Math.max(0, Math.min(1, (s - arc[low]) / (arc[high] - arc[low] || 1)));
  return [
    points[2 * low] + t * (points[2 * high] - points[2 * low]),
    points[2 * low + 1] + t * (points[2 * high + 1] - points[2 * low + 1]),
  ];
}
