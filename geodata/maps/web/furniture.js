/** Everything around the picture: controls, legend, table, tooltip. Built once per language, refreshed with each scene. */

import { choose, chooseLayer, chooseMeasure, pick, picked, pickedRow } from "./choices.js";
import { createMarginalia, createSwitches, createTools } from "./controls.js";
import { element, phrase, wordsFor } from "./dom.js";
import { createLegend, creditLine } from "./legend.js";
import { createPicking } from "./picking.js";
import { showSketch } from "./pointing.js";
import { isEmpty, paintedState } from "./state.js";
import { createTable } from "./table_twin.js";
import { createTooltip } from "./tooltip.js";

export function showTools(host) {
  host.parts.tools.show(host.state, host.parts.picking.mode(), host.scene?.resolution);
}

function showTable(host) {
  const { table } = host.parts;
  const open = host.state.layer === "table";
  host.root.classList.toggle("gt-shows-table", open);
  if (!open || !host.scene) {
    table.hide();
    return;
  }
  host.root.style.setProperty("--gt-bar", `${host.parts.switches.bar.offsetHeight + 26}px`);
  const chosen = (row) =>
    row.street === undefined
      ? host.state.selected?.cell === row.id
      : host.scene.selectedStreets.includes(row.street) || (!row.name && host.scene.selectedSegments.includes(row.segment));
  table.show(host.scene, host.face, chosen);
}

function showEmpty(host) {
  const { empty } = host.parts;
  empty.hidden = !isEmpty(host.state);
  empty.lastChild.textContent = host.state.empty?.relax ?? phrase(host.words, "empty.relax");
}

/** What depends on the scene but not on the canvas. Skipped while nothing it shows has changed. */
export function showAround(host) {
  const { legend, marginalia, switches, credit } = host.parts;
  const { scene, state } = host;
  marginalia.show(host.overlay.view.metresPerPixel);
  const key = JSON.stringify([
    host.workings.version,
    scene.resolution,
    scene.breaks,
    scene.theme,
    host.face,
    host.folded,
    state.layer,
    state.measure,
    state.scale_locked,
    state.facts,
    state.highlight,
    state.silent_areas,
    state.selected,
    state.legend,
    state.pinned,
  ]);
  if (host.aroundKey === key) return;
  host.aroundKey = key;
  legend.show(paintedState(state, host.face), scene, host.folded);
  credit.textContent = creditLine(host.words, scene.basemap);
  credit.hidden = !host.folded && host.tools;
  switches.show(state);
  showTools(host);
  showTable(host);
  showEmpty(host);
  fitBelowLegend(host);
}

/** A pinned map is fitted into the room its legend leaves, until it is moved by hand. */
function fitBelowLegend(host) {
  if (!host.state.pinned || host.touched) return;
  const room = `${host.root.clientWidth}/${host.root.clientHeight}/${host.parts.legend.card.parentElement.offsetHeight}`;
  if (host.fittedInto === room) return;
  host.fittedInto = room;
  requestAnimationFrame(() => host.fit(false));
}

function zoomBy(host, step) {
  host.touched = true;
  host.map.setZoom(host.map.getZoom() + step);
}

function fold(host, folded) {
  host.folded = folded;
  host.refresh();
}

/** Build everything worded; done again when the language changes. */
export function furnish(host) {
  host.parts?.shell.remove();
  host.parts?.picking.destroy();
  host.words = wordsFor(host.text, host.state.lang);
  const { words } = host;
  const say = (key) => phrase(words, key);
  const parts = {
    top: element("canvas", { class: "gt-top", "aria-hidden": "true" }),
    switches: createSwitches(words, {
      measure: (measure) => chooseMeasure(host, measure),
      layer: (layer) => chooseLayer(host, layer),
    }),
    tools: createTools(words, {
      zoomIn: () => zoomBy(host, 1),
      zoomOut: () => zoomBy(host, -1),
      fit: () => {
        host.touched = false;
        host.fit(true);
      },
      box: () => pick(host, "box"),
      lasso: () => pick(host, "lasso"),
      resolution: (resolution) => choose(host, { resolution }),
    }),
    legend: createLegend(words, {
      lock: (locked) => choose(host, { scale_locked: locked }),
      fold: (folded) => fold(host, folded),
    }),
    marginalia: createMarginalia(words),
    tip: createTooltip(),
    table: createTable(words, (row) => pickedRow(host, row)),
    picking: createPicking({
      root: host.root,
      sketch: (points) => showSketch(host.parts.top, host, points),
      done: (points) => picked(host, points),
    }),
    credit: element("p", { class: "gt-credit gt-credit-line", hidden: true }),
    empty: element(
      "div",
      { class: "gt-empty", role: "status", hidden: true },
      element("p", { text: say("empty.title") }),
      element("button", {
        type: "button",
        class: "gt-button",
        text: say("empty.relax"),
        on: { click: () => host.emit({ relax: true }) },
      }),
    ),
  };
  const left = element("div", { class: "gt-left" }, parts.switches.bar, parts.legend.chip, parts.legend.card);
  parts.shell = element(
    "div",
    { class: "gt-shell" },
    parts.top,
    parts.picking.sheet,
    parts.tip.box,
    parts.marginalia.corner,
    parts.credit,
    parts.empty,
    parts.table.panel,
    host.tools ? left : null,
    host.tools ? parts.tools.column : null,
  );
  host.parts = parts;
  host.frame.setAttribute("role", "application");
  host.frame.setAttribute("aria-label", say("map.label"));
  host.root.append(parts.shell);
  host.aroundKey = "";
}
