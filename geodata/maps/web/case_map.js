/**
 * The map of cases: Leaflet for moving about, one canvas for the picture, DOM controls on top.
 *
 * `createCaseMap(element, {L, h3, text, emit, hash, tools, enlarge, theme, lang, map, folded})` makes it once; `update` only swaps data.
 * `map`: a Leaflet map that is there already; its container is moved inside.
 */

import { decodeBasemap } from "./decode.js";
import { clicked, hovered, listenToKeys } from "./choices.js";
import { element } from "./dom.js";
import { furnish, showAround, showTools } from "./furniture.js";
import { createOverlay } from "./overlay.js";
import { createPainter, paintPicture } from "./painter.js";
import { composeScene, createWorkings } from "./scene.js";
import { FIRST_STATE, mergeState, paintedState } from "./state.js";
import { layTiles } from "./tiles.js";
import { applyTheme } from "./tokens.js";
import { readView, writeView } from "./view_hash.js";

const PHONE_PX = 620;
const CLICK_PX = 6;

function createLeaflet(L, frame) {
  const calm = window.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
  return L.map(frame, {
    zoomControl: false,
    attributionControl: false,
    boxZoom: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 110,
    zoomAnimation: !calm,
    inertia: !calm,
    fadeAnimation: false,
    markerZoomAnimation: false,
    maxZoom: 19,
    minZoom: 8,
    maxBoundsViscosity: 0.7,
  });
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

/** Where the legend is wide and low, the map is fitted below it; never into less than half its height. */
function roomForLegend(host) {
  if (!host.state.pinned || host.folded || !host.tools) return 0;
  return Math.min(host.parts.legend.card.parentElement.offsetHeight, host.root.clientHeight / 2);
}

function fit(host, animate) {
  const [west, south, east, north] = host.workings.basemap.bounds;
  host.map.fitBounds(
    [
      [south, west],
      [north, east],
    ],
    { paddingTopLeft: [14, 14 + roomForLegend(host)], paddingBottomRight: [14, 14], animate },
  );
}

function putView(host) {
  const kept = host.hash ? readView(window.location.hash) : null;
  if (kept) host.map.setView([kept.center[1], kept.center[0]], kept.zoom, { animate: false });
  else fit(host, false);
  host.touched = Boolean(kept);
}

function setBasemap(host, coded) {
  if (host.coded === coded) return;
  const basemap = decodeBasemap(coded);
  const version = (host.workings?.version ?? 0) + 1;
  Object.assign(host, {
    coded,
    workings: { ...createWorkings(basemap, host.h3), version },
    unfitted: host.map.getSize().x === 0,
  });
  host.overlay.projection = basemap.projection;
  host.liftTiles?.();
  host.liftTiles = layTiles(host.L, host.map, basemap.tiles);
  const [west, south, east, north] = basemap.bounds;
  host.map.setMaxBounds(
    host.L.latLngBounds([
      [south, west],
      [north, east],
    ]).pad(1.2),
  );
  putView(host);
  host.overlay.redraw();
}

function viewport(host) {
  if (!host.workings) return null;
  const [centre, box] = [host.map.getCenter(), host.map.getBounds()];
  return {
    center: [centre.lng, centre.lat],
    zoom: host.map.getZoom(),
    bounds: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()],
    resolution: host.scene?.resolution ?? null,
  };
}

function update(host, incoming) {
  const merged = mergeState(host.state, host.told, incoming);
  const reworded = merged.shown.lang !== host.state.lang;
  Object.assign(host, { state: merged.shown, told: merged.told });
  if (host.state.layer !== "table") host.face = host.state.layer;
  host.root.classList.toggle("gt-pinned", Boolean(host.state.pinned));
  if (host.workings) Object.assign(host.workings, { version: host.workings.version + 1, segments: null });
  if (reworded) furnish(host);
  applyTheme(host.root, host.state.theme === "dark" ? "dark" : "light");
  refresh(host);
}

function rememberView(host) {
  if (!host.hash || !host.workings) return;
  window.history.replaceState(window.history.state, "", writeView(window.location.hash, viewport(host)));
}

/** A map made in a hidden tab is fitted when it first gets a size; one nobody has moved, whenever its size changes. */
function resized(host) {
  host.root.classList.toggle("gt-narrow", host.root.clientWidth < PHONE_PX);
  host.aroundKey = "";
  host.map.invalidateSize({ pan: false });
  if (host.unfitted && host.workings && host.map.getSize().x > 0) {
    host.unfitted = false;
    putView(host);
  } else if (host.workings && !host.touched) fit(host, false);
  host.overlay.redraw();
}

/** A drag that Leaflet lets go by, as it does while a zoom is under way, is no click. */
function stayedPut(host, { containerPoint }) {
  return !host.pressedAt || host.pressedAt.distanceTo(containerPoint) <= CLICK_PX;
}

function listenTo(host) {
  host.map.on("mousedown", (event) => (host.pressedAt = event.containerPoint));
  host.map.on("dragstart", () => (host.touched = true));
  for (const moving of ["wheel", "touchmove", "keydown"])
    host.root.addEventListener(moving, () => (host.touched = true), { passive: true });
  host.map.on("click", (event) => stayedPut(host, event) && clicked(host, event));
  host.map.on("mousemove", (event) => hovered(host, event));
  host.map.on("mouseout", () => hovered(host, null));
  host.map.on("movestart", () => {
    host.moving = true;
    hovered(host, null);
  });
  host.map.on("moveend", () => {
    host.moving = false;
    rememberView(host);
  });
  listenToKeys(host);
  host.watcher = new ResizeObserver(() => resized(host));
  host.watcher.observe(host.root);
}

function destroy(host) {
  host.watcher.disconnect();
  cancelAnimationFrame(host.hoverFrame);
  host.parts.picking.destroy();
  host.liftTiles?.();
  host.overlay.destroy();
  host.painter.glaze.width = host.painter.glaze.height = 0;
  host.map.remove();
  host.root.remove();
}

/** Make the map inside `element`, which gives it its size. See API.md for state, base map and what `emit` is told. */
export function createCaseMap(
  holder,
  { L, h3, text, emit, hash = false, tools = true, enlarge = 1, theme = "light", lang = "zh", map: adopted = null, folded = null },
) {
  const frame = adopted?.getContainer() ?? element("div");
  frame.classList.add("gt-frame");
  const root = element("div", { class: "gt-map" }, frame);
  holder.append(root);
  const host = {
    L,
    h3,
    text,
    emit: emit ?? (() => {}),
    hash,
    tools,
    enlarge,
    root,
    frame,
    face: "cells",
    told: {},
    state: { ...FIRST_STATE, theme, lang },
    folded: folded ?? root.clientWidth < PHONE_PX,
    painter: createPainter(),
  };
  Object.assign(host, {
    refresh: () => refresh(host),
    showTools: () => showTools(host),
    fit: (animate) => fit(host, animate),
  });
  root.classList.toggle("gt-bare", !tools);
  if (enlarge !== 1)
    Object.assign(root.style, {
      width: `${100 / enlarge}%`,
      height: `${100 / enlarge}%`,
      transform: `scale(${enlarge})`,
      transformOrigin: "0 0",
    });
  applyTheme(root, theme);
  host.map = adopted ?? createLeaflet(L, frame);
  host.overlay = createOverlay({ L, map: host.map, enlarge, paint: (ctx, view) => paint(host, ctx, view) });
  furnish(host);
  listenTo(host);
  return {
    setBasemap: (coded) => setBasemap(host, coded),
    setView(view) {
      host.touched = Boolean(view);
      if (view) host.map.setView([view.center[1], view.center[0]], view.zoom, { animate: false });
      else fit(host, false);
    },
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
