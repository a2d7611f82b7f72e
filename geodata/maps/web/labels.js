/**
 * Street names laid along streets, one character at a time.
 *
 * Streets flatter than 48° read left to right; steeper ones are stacked top-down, each character standing on the
 * column. Latin names are runs along the line. Nothing overlaps, nothing shrinks, bends are skipped, and the same
 * input gives the same output: slots sit at fixed arc lengths, so names do not swim while the map is moved.
 */

import { pointAt } from "./chains.js";

const STEEP = (48 * Math.PI) / 180;

const LEAST_CHORD = 0.93;

const MOST_TURN = (24 * Math.PI) / 180;

const MOST_LEAN = (32 * Math.PI) / 180;

const ANGLE_STEP = Math.PI / 90;

const NEARLY_STRAIGHT = (7 * Math.PI) / 180;

const CJK = /[\u2e80-\u9fff\uf900-\ufaff]/;

/** Letter size (px), weight and tracking by class: `loose` where there is room, never under `tight` (in em). */
export const LABEL_STYLES = {
  strict: { air: 1.5, size: 14.5, weight: 700, loose: 0.95, tight: 0.22, repeat: 620 },
  first: { air: 1.5, size: 14.5, weight: 700, loose: 0.95, tight: 0.22, repeat: 620 },
  second: { air: 2, size: 13, weight: 600, loose: 0.42, tight: 0.14, repeat: 560 },
  fringe: { air: 2.5, size: 12.5, weight: 600, loose: 0.3, tight: 0.1, repeat: 520 },
  back: { air: 3, size: 12, weight: 500, loose: 0.26, tight: 0.08, repeat: 480 },
  unclassified: { air: 3, size: 12, weight: 500, loose: 0.26, tight: 0.08, repeat: 480 },
};

/** Taken room on the canvas: boxes in buckets of 64 px. */
export function createRoom() {
  return { buckets: new Map() };
}

function bucketsOf(box, visit) {
  for (let column = Math.floor(box[0] / 64); column <= Math.floor(box[2] / 64); column += 1) {
    for (let row = Math.floor(box[1] / 64); row <= Math.floor(box[3] / 64); row += 1)
      if (visit(column * 65536 + row)) return true;
  }
  return false;
}

export function isTaken(room, box) {
  return bucketsOf(box, (key) =>
    (room.buckets.get(key) ?? []).some(
      (own) => own[0] < box[2] && own[2] > box[0] && own[1] < box[3] && own[3] > box[1],
    ),
  );
}

export function takeRoom(room, box) {
  bucketsOf(box, (key) => {
    if (!room.buckets.has(key)) room.buckets.set(key, []);
    room.buckets.get(key).push(box);
    return false;
  });
}

/** The box a glyph covers: its square (or advance × height) turned by `angle`, with a little air. */
export function glyphBox(glyph, air = 1.5) {
  const [cos, sin] = [Math.abs(Math.cos(glyph.angle)), Math.abs(Math.sin(glyph.angle))];
  const [wide, high] = [glyph.width / 2, glyph.height / 2];
  const [dx, dy] = [wide * cos + high * sin + air, wide * sin + high * cos + air];
  return [glyph.x - dx, glyph.y - dy, glyph.x + dx, glyph.y + dy];
}

/** Characters of a name with their advances; `widthOf(text, size, weight)` in px. A CJK name advances in em squares. */
export function glyphRun(name, style, widthOf) {
  const upright = CJK.test(name);
  const size = upright ? style.size : style.size - 1;
  const glyphs = [...name].map((text) => {
    const width = CJK.test(text) ? size : widthOf(text, size, style.weight);
    return { text, width: upright ? Math.max(width, 0.62 * size) : width };
  });
  return { glyphs, upright, size, advance: glyphs.reduce((sum, glyph) => sum + glyph.width, 0) };
}

function angleBetween(from, to) {
  return Math.atan2(to[1] - from[1], to[0] - from[0]);
}

function turned(angle) {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/** A glyph's own rotation: along the line, or for a stacked column the column's lean. */
function standing(along, stacked) {
  return stacked ? turned(along - Math.PI / 2) : along;
}

/** Nearly straight names share one angle; all angles keep to steps of 2°, which nobody sees and fonts are faster at. */
function settled(glyphs) {
  const spread = Math.max(...glyphs.map((glyph) => Math.abs(turned(glyph.angle - glyphs[0].angle))));
  const middle = glyphs[glyphs.length >> 1].angle;
  for (const glyph of glyphs)
    glyph.angle = Math.round((spread < NEARLY_STRAIGHT ? middle : glyph.angle) / ANGLE_STEP) * ANGLE_STEP;
  return glyphs;
}

/** Lay a run centred on arc length `middle` of a chain, `gap` px between glyphs; null where the street bends or ends. */
export function layRun(chain, view, run, middle, gap) {
  const px = view.scale;
  const total = run.advance + gap * (run.glyphs.length - 1);
  const from = middle - total / 2 / px;
  if (from < 0 || from + total / px > chain.length) return null;
  const [start, end] = [pointAt(chain, from), pointAt(chain, from + total / px)];
  if (Math.hypot(end[0] - start[0], end[1] - start[1]) < (LEAST_CHORD * total) / px) return null;
  const slope = angleBetween(start, end);
  const steep = run.upright && Math.abs(Math.abs(slope) - Math.PI / 2) < Math.PI / 2 - STEEP;
  const backwards = steep ? Math.sin(slope) < 0 : Math.cos(slope) < -1e-9;
  const placed = [];
  let along = 0;
  for (const glyph of run.glyphs) {
    const reach = along + glyph.width / 2;
    const s = from + (backwards ? total - reach : reach) / px;
    const half = (0.7 * run.size) / px;
    const [before, after] = [pointAt(chain, s - half), pointAt(chain, s + half)];
    const [x, y] = pointAt(chain, s);
    const direction = angleBetween(before, after) + (backwards ? Math.PI : 0);
    placed.push({
      text: glyph.text,
      x: x * px + view.left,
      y: y * px + view.top,
      width: glyph.width,
      height: run.size,
      angle: turned(standing(direction, steep)),
    });
    along += glyph.width + gap;
  }
  const whole = standing(backwards ? slope + Math.PI : slope, steep);
  const bent = placed.some(
    (glyph, at) =>
      Math.abs(turned(glyph.angle - whole)) > MOST_LEAN ||
      (at > 0 && Math.abs(turned(glyph.angle - placed[at - 1].angle)) > MOST_TURN),
  );
  return bent ? null : settled(placed);
}

function fits(room, view, glyphs, air) {
  return glyphs.every((glyph) => {
    const box = glyphBox(glyph, air);
    return box[0] > 0 && box[1] > 0 && box[2] < view.width && box[3] < view.height && !isTaken(room, box);
  });
}

const NUDGES = [0, -0.14, 0.14, -0.28, 0.28, -0.42, 0.42];

/** Slots of a street: fixed arc lengths on its chains that lie in view, best first. */
function slotsOf(job, view) {
  const slots = [];
  job.chains.forEach((chain, rank) => {
    const count = Math.max(1, Math.floor((chain.length * view.scale) / job.style.repeat));
    for (let i = 0; i < count; i += 1) {
      const middle = ((i + 0.5) * chain.length) / count;
      const [x, y] = pointAt(chain, middle);
      const reach = (chain.length / count / 2) * view.scale;
      const [px, py] = [x * view.scale + view.left, y * view.scale + view.top];
      if (px < -reach || py < -reach || px > view.width + reach || py > view.height + reach) continue;
      slots.push({
        chain,
        middle,
        span: chain.length / count,
        x: px,
        y: py,
        order: rank * 1000 + Math.abs(i - (count - 1) / 2),
      });
    }
  });
  return slots.sort((a, b) => a.order - b.order || a.middle - b.middle);
}

function gapsFor(run, slot, style, view) {
  const free = slot.span * view.scale - run.advance;
  const room = (0.8 * free) / Math.max(1, run.glyphs.length - 1);
  if (!run.upright) return [0.35];
  const [loose, tight] = [style.loose * run.size, style.tight * run.size];
  return room > tight * 1.2 ? [Math.min(loose, room), tight] : [tight];
}

function layInSlot(room, view, run, slot, style) {
  for (const gap of gapsFor(run, slot, style, view)) {
    for (const nudge of NUDGES) {
      const glyphs = layRun(slot.chain, view, run, slot.middle + nudge * slot.span, gap);
      if (glyphs && fits(room, view, glyphs, style.air)) return glyphs;
    }
  }
  return null;
}

/** A straight Latin name is drawn in one go: a tenth of the work, and with the face's own kerning. */
function joined(glyphs, text) {
  const [first, last] = [glyphs[0], glyphs[glyphs.length - 1]];
  if (glyphs.some((glyph) => glyph.angle !== first.angle)) return glyphs;
  const slip = (last.width - first.width) / 4;
  return [
    {
      text,
      x: (first.x + last.x) / 2 + slip * Math.cos(first.angle),
      y: (first.y + last.y) / 2 + slip * Math.sin(first.angle),
      angle: first.angle,
    },
  ];
}

function farFrom(centres, glyphs, least) {
  const middle = glyphs[glyphs.length >> 1];
  return centres.every(([x, y]) => Math.hypot(middle.x - x, middle.y - y) > least);
}

/** Place up to `most` names of one street; returns the labels and takes their room. */
export function placeStreet(room, view, job, widthOf, most) {
  const run = glyphRun(job.name, job.style, widthOf);
  const labels = [];
  for (const slot of slotsOf(job, view)) {
    if (labels.length >= most) break;
    if (slot.chain.length * view.scale < run.advance) continue;
    const glyphs = layInSlot(room, view, run, slot, job.style);
    if (!glyphs || !farFrom(job.centres, glyphs, job.style.repeat * 0.75)) continue;
    glyphs.forEach((glyph) => takeRoom(room, glyphBox(glyph, job.style.air)));
    job.centres.push([glyphs[glyphs.length >> 1].x, glyphs[glyphs.length >> 1].y]);
    labels.push({
      street: job.street,
      name: job.name,
      glyphs,
      size: run.size,
      weight: job.style.weight,
      tone: job.tone,
      runs: run.upright ? glyphs : joined(glyphs, job.name),
    });
  }
  return labels;
}

/**
 * Place the names of many streets.
 *
 * `jobs` come in order of importance, each {street, name, style, tone, chains, centres: []}. Every street gets one
 * name before any gets a second.
 */
export function placeStreets(room, view, jobs, widthOf) {
  const first = jobs.flatMap((job) => placeStreet(room, view, job, widthOf, 1));
  const again = jobs.filter((job) => job.centres.length > 0).flatMap((job) => placeStreet(room, view, job, widthOf, 4));
  return [...first, ...again];
}
