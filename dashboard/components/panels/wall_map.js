/** The one map of the wall: its picture is swapped under a copy of the last one, which fades. */

import { fetchBaseMap } from "./base_map.js";
import { build } from "./dom.js";
import { mapLibraries } from "./libraries.js";
import { cellsOf } from "./wall_time.js";
import { createCaseMap } from "../web/case_map.js";

/** Larger than on a desk, so that street names are read from across the room. */
const ENLARGED = 2.7;

export function createWallMap({ boot, text, holder }) {
  const ghost = build("canvas", { class: "gt-wall-ghost", "aria-hidden": "true" });
  const frame = build("div", { class: "gt-wall-map" });
  holder.append(frame, ghost);
  const kept = { unit: 1, map: null, basemap: null, coded: null, shown: null };

  function make() {
    kept.map?.destroy();
    const { L, h3 } = kept;
    const enlarge = Math.max(0.5, ENLARGED * kept.unit);
    kept.map = createCaseMap(frame, { L, h3, text, tools: false, enlarge, theme: "dark", lang: boot.lang });
    kept.drawnAt = kept.unit;
    kept.map.setBasemap(kept.coded);
    for (const way of ["dragging", "scrollWheelZoom", "doubleClickZoom", "keyboard", "touchZoom"]) kept.map.leaflet[way]?.disable();
  }

  /** Copy what is on screen, and let the copy fade away over what comes. */
  function keepPicture() {
    const canvas = frame.querySelector(".gt-canvas");
    const [seen, whole] = [frame.getBoundingClientRect(), canvas?.getBoundingClientRect()];
    if (!whole?.width || !seen.width) return;
    const ratio = canvas.width / whole.width;
    Object.assign(ghost, { width: Math.round(seen.width * ratio), height: Math.round(seen.height * ratio) });
    ghost.getContext("2d").drawImage(canvas, (whole.left - seen.left) * ratio, (whole.top - seen.top) * ratio);
    ghost.classList.remove("gt-wall-fading");
    requestAnimationFrame(() => requestAnimationFrame(() => ghost.classList.add("gt-wall-fading")));
  }

  return {
    /** Load what is needed for a base map, and its tiles; the same addresses again do nothing. */
    async ready({ basemap, tile_url, tile_shift }) {
      [kept.L, kept.h3] = await mapLibraries(boot.url);
      const wanted = [basemap, tile_url, tile_shift].join(" ");
      if (kept.basemap !== wanted) {
        kept.coded = await fetchBaseMap({ basemap, tile_url, tile_shift });
        kept.basemap = wanted;
        if (kept.map) kept.map.setBasemap(kept.coded);
      }
      if (!kept.map) make();
    },
    resize(unit) {
      kept.unit = unit;
      if (kept.map && kept.drawnAt !== unit) make();
    },
    /** Show one screen's cells; `seen` says whether the last picture is on screen, to fade from it. */
    show(drawn, theme, seen) {
      if (!kept.map) return;
      if (kept.shown && seen) keepPicture();
      kept.shown = drawn;
      kept.map.update(stateOf(drawn, theme));
    },
    destroy() {
      kept.map?.destroy();
      ghost.width = ghost.height = 0;
    },
  };
}

function stateOf({ resolution, breaks, cells, value, outlined, silent, callouts }, theme) {
  return {
    pinned: true,
    theme,
    measure: "count",
    layer: "cells",
    resolution_data: resolution,
    resolution,
    scale_locked: true,
    breaks: { count: { [resolution]: breaks } },
    cells: cellsOf({ cells, value, outlined }),
    silent_areas: silent ?? [],
    callouts: callouts ?? [],
  };
}
