/**
 * The map of cases: Leaflet for moving about, one canvas for the picture, DOM controls on top.
 *
 * `createCaseMap(element, {L, h3, text, emit, hash, tools, theme, lang})` makes it once; `update` only swaps data.
 */

import { decodeBasemap } from "./decode.js";
import { choose, chooseLayer, chooseMeasure, clicked, hovered, listenToKeys, pick, picked, pickedRow } from "./choices.js";
import { createMarginalia, createSwitches, createTools } from "./controls.js";
import { element, phrase, wordsFor } from "./dom.js";
import { createLegend, creditLine } from "./legend.js";
import { createOverlay } from "./overlay.js";
import { createPainter, paintPicture } from "./painter.js";
import { createPicking } from "./picking.js";
import { showSketch } from "./pointing.js";
import { composeScene, createWorkings } from "./scene.js";
import { FIRST_STATE, isEmpty, mergeState, paintedState } from "./state.js";
import { createTable } from "./table_twin.js";
import { applyTheme } from "./tokens.js";
import { createTooltip } from "./tooltip.js";
import { readView, writeView } from "./view_hash.js";

const PHONE_PX = 620;

function createLeaflet(L, frame) {
  const calm = window.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
  return L.map(frame, {
    zoomControl: false, attributionControl: false, boxZoom: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 110,
    zoomAnimation: !calm, inertia: !calm, fadeAnimation: false, markerZoomAnimation: false, maxZoom: 19, minZoom: 8, maxBoundsViscosity: 0.7,
  });
}

function showTools(host) {
  host.parts.tools.show(host.state, host.parts.picking.mode(), host.scene?.resolution);
}

function showTable(host) {
  const { table } = host.parts;
  const open = host.state.layer === "table";
  host.root.classList.toggle("gt-shows-table", open);
  if (!open || !host.scene) { table.hide(); return; }
  const chosen = (row) => (row.street !== undefined ? host.scene.selectedStreets.includes(row.street) : host.state.selected?.cell === row.id);
  table.show(host.scene, host.face, chosen);
}

function showEmpty(host) {
  host.parts.empty.hidden = !isEmpty(host.state);
}

/** What depends on the scene but not on the canvas. Skipped while nothing it shows has changed. */
function showAround(host) {
  const { legend, marginalia, switches, credit } = host.parts;
  const { scene, state } = host;
  marginalia.show(host.overlay.view.metresPerPixel);
  const key = JSON.stringify([host.workings.version, scene.resolution, scene.breaks, scene.theme, host.face, host.folded, state.layer, state.measure, state.scale_locked, state.facts, state.highlight, state.silent_areas, state.selected]);
  if (host.aroundKey === key) return;
  host.aroundKey = key;
  legend.show(paintedState(state, host.face), scene, host.folded);
  credit.textContent = creditLine(host.words, scene.basemap);
  credit.hidden = !host.folded && host.tools;
  switches.show(state);
  showTools(host);
  showTable(host);
  showEmpty(host);
}

function paint(host, ctx, view) {
  const state = paintedState(host.state, host.face);
  const began = performance.now();
  host.scene = composeScene(host.workings, state, view);
  host.composeMs = performance.now() - began;
  paintPicture(host.painter, ctx, view, host.scene, state);
  showAround(host);
}

function refresh(host) {
  host.parts.tip.hide();
  host.overlay.redraw();
}

function fold(host, folded) {
  host.folded = folded;
  refresh(host);
}

function zoomBy(host, step) {
  host.map.setZoom(host.map.getZoom() + step);
}

/** Build everything worded; done again when the language changes. */
function furnish(host) {
  host.parts?.shell.remove();
  host.parts?.picking.destroy();
  host.words = wordsFor(host.text, host.state.lang);
  const { words } = host;
  const say = (key) => phrase(words, key);
  const parts = {
    top: element("canvas", { class: "gt-top", "aria-hidden": "true" }),
    switches: createSwitches(words, { measure: (measure) => chooseMeasure(host, measure), layer: (layer) => chooseLayer(host, layer) }),
    tools: createTools(words, {
      zoomIn: () => zoomBy(host, 1), zoomOut: () => zoomBy(host, -1), fit: () => fit(host, true), box: () => pick(host, "box"), lasso: () => pick(host, "lasso"),
      resolution: (resolution) => choose(host, { resolution }),
    }),
    legend: createLegend(words, { lock: (locked) => choose(host, { scale_locked: locked }), fold: (folded) => fold(host, folded) }),
    marginalia: createMarginalia(words),
    tip: createTooltip(),
    table: createTable(words, (row) => pickedRow(host, row)),
    picking: createPicking({ root: host.root, sketch: (points) => showSketch(host.parts.top, host, points), done: (points) => picked(host, points) }),
    credit: element("p", { class: "gt-credit gt-credit-line", hidden: true }),
    empty: element("div", { class: "gt-empty", role: "status", hidden: true }, element("p", { text: say("empty.title") }),
      element("button", { type: "button", class: "gt-button", text: say("empty.relax"), on: { click: () => host.emit({ relax: true }) } })),
  };
  const left = element("div", { class: "gt-left" }, parts.switches.bar, parts.legend.chip, parts.legend.card);
  parts.shell = element("div", { class: "gt-shell" }, parts.top, parts.picking.sheet, parts.tip.box, parts.marginalia.corner, parts.credit, parts.empty, parts.table.panel, host.tools ? left : null, host.tools ? parts.tools.column : null);
  host.parts = parts;
  host.frame.setAttribute("aria-label", say("map.label"));
  host.root.append(parts.shell);
  host.aroundKey = "";
}

function fit(host, animate) {
  const [west, south, east, north] = host.workings.basemap.bounds;
  host.map.fitBounds([[south, west], [north, east]], { padding: [14, 14], animate });
}

function putView(host) {
  const kept = host.hash ? readView(window.location.hash) : null;
  if (kept) host.map.setView([kept.center[1], kept.center[0]], kept.zoom, { animate: false });
  else fit(host, false);
}

function setBasemap(host, coded) {
  if (host.coded === coded) return;
  const basemap = decodeBasemap(coded);
  const version = (host.workings?.version ?? 0) + 1;
  Object.assign(host, { coded, workings: { ...createWorkings(basemap, host.h3), version }, unfitted: host.map.getSize().x === 0 });
  host.overlay.projection = basemap.projection;
  const [west, south, east, north] = basemap.bounds;
  host.map.setMaxBounds(host.L.latLngBounds([[south, west], [north, east]]).pad(0.6));
  putView(host);
  host.overlay.redraw();
}

function viewport(host) {
  if (!host.workings) return null;
  const [centre, box] = [host.map.getCenter(), host.map.getBounds()];
  return { center: [centre.lng, centre.lat], zoom: host.map.getZoom(), bounds: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], resolution: host.scene?.resolution ?? null };
}

function update(host, incoming) {
  const merged = mergeState(host.state, host.told, incoming);
  const reworded = merged.shown.lang !== host.state.lang;
  Object.assign(host, { state: merged.shown, told: merged.told });
  if (host.state.layer !== "table") host.face = host.state.layer;
  if (host.workings) Object.assign(host.workings, { version: host.workings.version + 1, segments: null });
  if (reworded) furnish(host);
  applyTheme(host.root, host.state.theme === "dark" ? "dark" : "light");
  refresh(host);
}

function rememberView(host) {
  if (!host.hash || !host.workings) return;
  window.history.replaceState(window.history.state, "", writeView(window.location.hash, viewport(host)));
}

/** A map made in a hidden tab is fitted when it first gets a size. */
function resized(host) {
  host.map.invalidateSize({ pan: false });
  if (host.unfitted && host.workings && host.map.getSize().x > 0) { host.unfitted = false; putView(host); }
  host.overlay.redraw();
}

function listenTo(host) {
  host.map.on("click", (event) => clicked(host, event));
  host.map.on("mousemove", (event) => hovered(host, event));
  host.map.on("mouseout movestart zoomstart", () => hovered(host, null));
  host.map.on("moveend", () => rememberView(host));
  listenToKeys(host);
  host.watcher = new ResizeObserver(() => resized(host));
  host.watcher.observe(host.root);
}

function destroy(host) {
  host.watcher.disconnect();
  cancelAnimationFrame(host.hoverFrame);
  host.parts.picking.destroy();
  host.overlay.destroy();
  host.painter.glaze.width = host.painter.glaze.height = 0;
  host.map.remove();
  host.root.remove();
}

/** Make the map inside `element`, which gives it its size. See API.md for state, base map and what `emit` is told. */
export function createCaseMap(holder, { L, h3, text, emit, hash = false, tools = true, theme = "light", lang = "zh" }) {
  const frame = element("div", { class: "gt-frame" });
  const root = element("div", { class: "gt-map" }, frame);
  holder.append(root);
  const host = { L, h3, text, emit: emit ?? (() => {}), hash, tools, root, frame, face: "cells", told: {}, state: { ...FIRST_STATE, theme, lang }, folded: root.clientWidth < PHONE_PX, painter: createPainter() };
  Object.assign(host, { refresh: () => refresh(host), showTools: () => showTools(host) });
  root.classList.toggle("gt-bare", !tools);
  applyTheme(root, theme);
  host.map = createLeaflet(L, frame);
  host.overlay = createOverlay({ L, map: host.map, paint: (ctx, view) => paint(host, ctx, view) });
  furnish(host);
  listenTo(host);
  return {
    setBasemap: (coded) => setBasemap(host, coded),
    setView: (view) => (view ? host.map.setView([view.center[1], view.center[0]], view.zoom, { animate: false }) : fit(host, false)),
    setTheme: (next) => update(host, { theme: next }),
    update: (state) => update(host, state),
    viewport: () => viewport(host),
    setBusy: (busy) => root.classList.toggle("gt-busy", busy),
    lastPaint: () => ({ milliseconds: host.overlay.lastPaintMs, composeMs: host.composeMs, ...host.painter.spent }),
    paintNow: () => host.overlay.paintNow(),
    leaflet: host.map,
    destroy: () => destroy(host),
  };
}
