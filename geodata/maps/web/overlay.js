/** A padded canvas in a Leaflet pane: moved by the browser while dragging and zooming, repainted when that ends. */

import { viewOf } from "./mercator.js";

/** Air around the viewport in CSS pixels; less on very large screens, where memory costs more than a late strip. */
function padding(size) {
  return size.x * size.y > 4e6 ? 96 : Math.min(176, Math.round(0.2 * Math.max(size.x, size.y)));
}

function place(overlay) {
  const { map, canvas, L } = overlay;
  const size = map.getSize();
  const pad = padding(size);
  const corner = map.containerPointToLayerPoint([-pad, -pad]).round();
  const ratio = (window.devicePixelRatio || 1) * overlay.enlarge;
  const [width, height] = [size.x + 2 * pad, size.y + 2 * pad];
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  L.DomUtil.setPosition(canvas, corner);
  Object.assign(overlay, { pad, corner, zoom: map.getZoom(), centre: map.getCenter() });
  return { width, height, ratio, world: map.getPixelOrigin().add(corner) };
}

function paintNow(overlay) {
  if (overlay.gone || !overlay.projection || overlay.map.getSize().x === 0) return;
  if (overlay.zooming) {
    overlay.stale = true;
    return;
  }
  const { width, height, ratio, world } = place(overlay);
  overlay.view = viewOf({
    projection: overlay.projection,
    zoom: overlay.zoom,
    worldLeft: world.x,
    worldTop: world.y,
    width,
    height,
    ratio,
  });
  const began = performance.now();
  overlay.paint(overlay.canvas.getContext("2d"), overlay.view);
  overlay.lastPaintMs = performance.now() - began;
}

function transform(overlay, centre, zoom) {
  const { map, canvas, L } = overlay;
  const scale = map.getZoomScale(zoom, overlay.zoom);
  const half = map.getSize().multiplyBy(0.5).add([overlay.pad, overlay.pad]);
  const corner = half
    .multiplyBy(-scale)
    .add(map.project(overlay.centre, zoom))
    .subtract(map._getNewPixelOrigin(centre, zoom));
  L.DomUtil.setTransform(canvas, corner, scale);
}

function leavesCanvas(overlay) {
  const seen = overlay.map.containerPointToLayerPoint([0, 0]).subtract(overlay.corner);
  return seen.x < 0 || seen.y < 0 || seen.x > 2 * overlay.pad || seen.y > 2 * overlay.pad;
}

function listen(overlay) {
  const { map } = overlay;
  const drop = () => {
    overlay.zooming = false;
  };
  const events = {
    moveend: () => overlay.redraw(),
    resize: () => overlay.redraw(),
    zoomstart: () => {
      overlay.zooming = true;
    },
    zoomend: drop,
    zoom: () => {
      if (overlay.view) transform(overlay, map.getCenter(), map.getZoom());
    },
    zoomanim: (event) => {
      if (overlay.view) transform(overlay, event.center, event.zoom);
    },
    move: () => {
      if (overlay.view && !overlay.zooming && leavesCanvas(overlay)) overlay.redraw();
    },
  };
  map.on(events);
  return () => map.off(events);
}

/**
 * Put a canvas under the map's controls. `paint(ctx, view)` is called at most once per frame; the canvas is the same
 * element for the overlay's whole life, so new data never flashes.
 */
export function createOverlay({ L, map, paint, enlarge = 1 }) {
  const pane = map.createPane("gt-base");
  const canvas = L.DomUtil.create("canvas", "gt-canvas leaflet-zoom-animated", pane);
  canvas.setAttribute("aria-hidden", "true");
  const overlay = {
    L,
    map,
    canvas,
    paint,
    enlarge,
    view: null,
    frame: 0,
    zooming: false,
    lastPaintMs: 0,
    projection: null,
  };
  overlay.redraw = () => {
    overlay.frame ||= requestAnimationFrame(() => {
      overlay.frame = 0;
      paintNow(overlay);
    });
  };
  overlay.paintNow = () => paintNow(overlay);
  const unlisten = listen(overlay);
  overlay.destroy = () => {
    overlay.gone = true;
    cancelAnimationFrame(overlay.frame);
    unlisten();
    canvas.width = canvas.height = 0;
    canvas.remove();
  };
  return overlay;
}
