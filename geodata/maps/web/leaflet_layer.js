/** The map as a layer of a Leaflet map that is there already, for pages without a server: everything comes packed as text. */

import { createCaseMap } from "./case_map.js";
import { decodeNumbers } from "./decode.js";
import { element } from "./dom.js";

/** Base64 → bytes. */
function bytesOf(coded) {
  return Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
}

/** Base64 of gzipped JSON → the value. */
export async function unpack(packed) {
  const plain = new Blob([bytesOf(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(plain).text());
}

function columnsOf({ cells, segments }) {
  return {
    cells: { hi: decodeNumbers(cells.hi, Uint32Array), lo: decodeNumbers(cells.lo, Uint32Array), value: decodeNumbers(cells.value, Float64Array) },
    segments: { index: decodeNumbers(segments.index, Uint32Array), value: decodeNumbers(segments.value, Float64Array) },
  };
}

/** Cells and segments of each measure; rates are counts over metres, so both share theirs. */
export function numbersByMeasure(numbers) {
  const count = columnsOf(numbers.count);
  return { count, per_km: count, area_m2: columnsOf(numbers.area_m2) };
}

/** Without a server nobody answers a drawn outline or relaxes a filter: those controls go. */
function removeUnanswered(holder, words) {
  const named = new Set([words["tool.box"], words["tool.lasso"]]);
  for (const button of holder.querySelectorAll(".gt-tools button")) if (named.has(button.getAttribute("aria-label"))) button.remove();
  for (const button of holder.querySelectorAll(".gt-empty button")) button.remove();
}

/** Put `holder` where the frame was, of the same place and size; the engine takes the frame inside. */
function wrapFrame(frame, place, holder) {
  Object.assign(holder.style, place);
  frame.replaceWith(holder);
  Object.assign(frame.style, { position: "absolute", left: "0", top: "0", width: "100%", height: "100%" });
}

function fillHolder(holder, { L, h3, map }, content) {
  const { basemap, state, text, lang, theme, tools = true } = content;
  const numbers = numbersByMeasure(content.numbers);
  const answer = ({ measure }) => { if (measure) shown.update({ measure, ...numbers[measure] }); };
  const shown = createCaseMap(holder, { L, h3, map, text, lang, theme, tools, emit: answer });
  document.title = content.title;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : lang;
  map.setMinZoom(8).setMaxZoom(19);
  shown.setBasemap(basemap);
  shown.update({ ...state, ...numbers[state.measure], theme, lang });
  removeUnanswered(holder, text);
  holder.dataset.shown = "yes";
  return shown;
}

/** Say in words why there is no map; the sentence is base64 of UTF-8. */
function showRefusal(holder, coded, error) {
  console.error(error);
  const sentence = new TextDecoder().decode(bytesOf(coded));
  const refusal = element("p", { class: "gt-refusal", role: "alert", text: sentence || String(error) });
  Object.assign(refusal.style, { margin: "32px", font: "15px/1.6 sans-serif" });
  holder.append(refusal);
  holder.dataset.shown = "no";
}

async function open(holder, { L, h3, map, packed, tooOld, place }) {
  wrapFrame(map.getContainer(), place, holder);
  try {
    fillHolder(holder, { L, h3, map }, await unpack(packed));
  } catch (error) {
    showRefusal(holder, tooOld, error);
  }
}

/** Show or hide everything the layer drew; what others put on the map stays. */
function setVisible(map, holder, visible) {
  const drawn = [map.getPane("gt-base"), holder.querySelector(".gt-shell")];
  for (const part of drawn.filter(Boolean)) part.style.display = visible ? "" : "none";
}

/**
 * Create a layer to add to an L.Map. `packed` and `tooOld` are base64; `place` is the CSS position and size of the map.
 *
 * Added the first time it takes the map's container over; removed and added again it hides and shows.
 */
export function createCaseLayer({ L, h3, packed, tooOld = "", place = {} }) {
  const holder = element("div", { class: "gt-holder" });
  const CaseLayer = L.Layer.extend({
    onAdd(map) {
      if (holder.isConnected) setVisible(map, holder, true);
      else open(holder, { L, h3, map, packed, tooOld, place });
    },
    onRemove(map) { setVisible(map, holder, false); },
  });
  return new CaseLayer();
}
