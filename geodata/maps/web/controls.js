/** Buttons on the map: measure, layer, zoom, selecting, resolution. State in, patches out. */

import { element, icon, phrase } from "./dom.js";

const MEASURES = ["count", "per_km", "area_m2"];

const LAYERS = ["cells", "streets", "table"];

const RESOLUTIONS = [8, 9, 10, 11];

/** Buttons of which one is on. `choose(value)` is called with the value of the pressed one. */
function choiceRow(words, group, values, choose) {
  const buttons = values.map((value) =>
    element("button", {
      type: "button",
      class: "gt-choice",
      text: phrase(words, `${group}.${value}`),
      "aria-pressed": "false",
      on: { click: () => choose(value) },
    }),
  );
  const row = element(
    "div",
    { class: "gt-choices", role: "group", "aria-label": phrase(words, `${group}.group`) },
    ...buttons,
  );
  const show = (chosen) =>
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(values[at] === chosen)));
  const only = (offered) => buttons.forEach((button, at) => (button.hidden = !offered.includes(values[at])));
  return { row, show, only };
}

function toolButton(label, drawing, click) {
  return element(
    "button",
    { type: "button", class: "gt-tool", "aria-label": label, title: label, on: { click } },
    drawing,
  );
}

function resolutionMenu(words, choose) {
  const options = [null, ...RESOLUTIONS].map((value) =>
    element("option", { value: value ?? "auto", text: value ?? phrase(words, "tool.auto") }),
  );
  const label = phrase(words, "tool.resolution");
  const menu = element(
    "select",
    {
      class: "gt-resolution",
      "aria-label": label,
      title: label,
      on: { change: () => choose(menu.value === "auto" ? null : Number(menu.value)) },
    },
    ...options,
  );
  const show = (chosen, drawn, finest) => {
    options[0].textContent =
      chosen === null && drawn ? `${phrase(words, "tool.auto")} ${drawn}` : phrase(words, "tool.auto");
    options.slice(1).forEach((option) => {
      option.disabled = Number(option.value) > finest;
    });
    menu.value = chosen ?? "auto";
  };
  return { menu, show };
}

/** Measure and layer switches (top left). */
export function createSwitches(words, { measure, layer }) {
  const measures = choiceRow(words, "measure", MEASURES, measure);
  const layers = choiceRow(words, "layer", LAYERS, layer);
  const bar = element("div", { class: "gt-switches" }, measures.row, layers.row);
  const show = (state) => {
    measures.show(state.measure);
    layers.show(state.layer);
    measures.row.hidden = Boolean(state.pinned) || !MEASURES.includes(state.measure);
    layers.only(state.pinned ? ["cells", "table"] : LAYERS);
  };
  return { bar, show };
}

/** Tools (top right). `acts`: zoomIn, zoomOut, fit, box, lasso, resolution. */
export function createTools(words, acts) {
  const say = (key) => phrase(words, key);
  const box = toolButton(
    say("tool.box"),
    icon(
      "M5 5h2.5M10.7 5h2.6M16.5 5H19v2.5M19 10.7v2.6M19 16.5V19h-2.5M13.3 19h-2.6M7.5 19H5v-2.5M5 13.3v-2.6M5 7.5V5",
    ),
    acts.box,
  );
  const lasso = toolButton(
    say("tool.lasso"),
    icon(
      "M12 4.5c4.6 0 8 2.3 8 5.4s-3.4 5.4-8 5.4c-1.3 0-2.6-.2-3.7-.5",
      "M6.4 13.7C4.9 12.700 4 11.400 4 9.900c0-3.100 3.400-5.400 8-5.400",
      "M6.600 13.500a1.900 1.900 0 1 0 .1 3.800 1.900 1.900 0 0 0-.1-3.800zM6.300 17.300c.2 1.300-.3 2.300-1.500 3",
    ),
    acts.lasso,
  );
  const resolution = resolutionMenu(words, acts.resolution);
  const column = element(
    "div",
    { class: "gt-tools", role: "group", "aria-label": say("tool.group") },
    toolButton(say("tool.zoom_in"), icon("M12 5.500v13M5.500 12h13"), acts.zoomIn),
    toolButton(say("tool.zoom_out"), icon("M5.500 12h13"), acts.zoomOut),
    toolButton(
      say("tool.fit"),
      icon("M4.500 9V4.500H9M15 4.500h4.500V9M19.500 15v4.500H15M9 19.500H4.500V15"),
      acts.fit,
    ),
    box,
    lasso,
    resolution.menu,
  );
  const show = (state, mode, drawn) => {
    for (const tool of [box, lasso, resolution.menu]) tool.hidden = Boolean(state.pinned);
    box.setAttribute("aria-pressed", String(mode === "box"));
    lasso.setAttribute("aria-pressed", String(mode === "lasso"));
    resolution.show(state.resolution ?? null, drawn, state.resolution_data ?? 11);
    resolution.menu.disabled = state.layer === "streets" || state.measure === "class";
  };
  return { column, show };
}

const NICE = [1, 2, 5];

/** The longest round length in metres (1, 2, 5 × 10ⁿ) that is at most `most` px. */
export function roundLength(metresPerPixel, most) {
  const limit = metresPerPixel * most;
  const power = 10 ** Math.floor(Math.log10(limit));
  return Math.max(...NICE.map((step) => step * power).filter((length) => length <= limit));
}

/** Scale bar and north (bottom right). */
export function createMarginalia(words) {
  const label = element("span", { class: "gt-scale-label" });
  const bar = element("span", { class: "gt-scale-bar", "aria-hidden": "true" });
  const needle = icon("M12 2.500l5 18.500-5-4.200z", "M12 2.500l-5 18.500 5-4.200z");
  needle.firstChild.setAttribute("class", "gt-needle-dark");
  const north = element(
    "div",
    { class: "gt-north", role: "img", "aria-label": phrase(words, "north") },
    element("span", { text: phrase(words, "north") }),
    needle,
  );
  const corner = element("div", { class: "gt-marginalia" }, north, element("div", { class: "gt-scale" }, bar, label));
  const show = (metresPerPixel) => {
    const length = roundLength(metresPerPixel, 118);
    bar.style.width = `${length / metresPerPixel}px`;
    label.textContent =
      length >= 1000
        ? phrase(words, "scale.kilometres", { n: length / 1000 })
        : phrase(words, "scale.metres", { n: length });
  };
  return { corner, show };
}
