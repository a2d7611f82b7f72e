/** Lettering: glyph by glyph with a halo, and numbered call-outs. */

import { usePixels } from "./paint_ground.js";
import { SANS, STROKES } from "./tokens.js";

/** Width of a text in CSS pixels, remembered. One measuring context serves every map of the page. */
export function createMeasure() {
  const known = new Map();
  const pen = document.createElement("canvas").getContext("2d");
  return (text, size, weight) => {
    const key = `${weight} ${size} ${text}`;
    if (!known.has(key)) {
      pen.font = `${weight} ${size}px ${SANS}`;
      known.set(key, pen.measureText(text).width);
    }
    return known.get(key);
  };
}

function eachGlyph(ctx, view, label, draw) {
  for (const glyph of label.runs ?? label.glyphs) {
    const [cos, sin] = [Math.cos(glyph.angle) * view.ratio, Math.sin(glyph.angle) * view.ratio];
    ctx.setTransform(cos, sin, -sin, cos, glyph.x * view.ratio, glyph.y * view.ratio);
    draw(glyph.text, 0, 0.05 * label.size);
  }
}

const TONES = {
  street: { ink: "ink", halo: 1, alpha: 1 },
  accent: { ink: "accent", halo: 1, alpha: 1 },
  area: { ink: "ink2", halo: 0.72, alpha: 0.66 },
  place: { ink: "place", halo: 0.9, alpha: 1 },
};

function paintLabel(ctx, view, label, tokens) {
  const tone = TONES[label.tone];
  ctx.font = `${label.weight} ${label.size}px ${SANS}`;
  ctx.globalAlpha = tokens.haloAlpha * tone.halo;
  ctx.strokeStyle = tokens.halo;
  ctx.lineWidth = STROKES.halo;
  eachGlyph(ctx, view, label, (text, x, y) => ctx.strokeText(text, x, y));
  ctx.globalAlpha = tone.alpha;
  ctx.fillStyle = tokens[tone.ink];
  eachGlyph(ctx, view, label, (text, x, y) => ctx.fillText(text, x, y));
}

export function paintLabels(ctx, view, labels, tokens) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const label of labels) paintLabel(ctx, view, label, tokens);
  ctx.globalAlpha = 1;
}

function paintLeader(ctx, disc, tokens) {
  for (const [colour, width] of [
    [tokens.halo, 4],
    [tokens.ink, 1.4],
  ]) {
    ctx.beginPath();
    ctx.moveTo(disc.x, disc.y);
    ctx.lineTo(disc.cx, disc.cy);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
  ctx.beginPath();
  ctx.arc(disc.x, disc.y, 3, 0, 2 * Math.PI);
  ctx.fillStyle = tokens.ink;
  ctx.fill();
}

/** Ink discs with a number, each tied to its dot by a leader. */
export function paintCallouts(ctx, view, discs, tokens) {
  usePixels(ctx, view);
  ctx.globalAlpha = 1;
  discs.forEach((disc) => paintLeader(ctx, disc, tokens));
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const disc of discs) {
    ctx.beginPath();
    ctx.arc(disc.cx, disc.cy, disc.radius, 0, 2 * Math.PI);
    ctx.fillStyle = tokens.ink;
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = tokens.halo;
    ctx.stroke();
    ctx.fillStyle = tokens.panel;
    ctx.font = `700 12px ${SANS}`;
    ctx.fillText(String(disc.n), disc.cx, disc.cy + 0.6);
  }
}
