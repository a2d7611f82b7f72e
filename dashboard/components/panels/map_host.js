/** The map inside Streamlit: Arrow columns in, patches out; base map and libraries fetched once. */

import { fetchBaseMap } from "./base_map.js";
import { mapLibraries } from "./libraries.js";
import { createCaseMap } from "../web/case_map.js";

/** Start the map; data that arrives meanwhile is shown when it is ready. */
export async function mountMap(holder, { data: first, text, emit, boot }) {
  const [[L, h3], basemap] = await Promise.all([
    mapLibraries(boot.url),
    fetchBaseMap(boot),
  ]);
  const { pinned = false, alone = true } = first;
  const folded = first.folded ?? (pinned ? window.innerWidth < PHONE_PX : null);
  let clicked = null;
  const listening = (patch) => {
    if ("cell" in patch) clicked = patch.cell?.id ?? null;
    emit(patch);
  };
  const map = createCaseMap(holder, { L, h3, text, emit: listening, hash: !pinned, folded, enlarge: onWall() ? 1.5 : 1, theme: boot.theme, lang: boot.lang });
  map.setBasemap(basemap);
  const leave = alone ? () => {} : moveTogether(map);
  let shown;
  const choices = followChoices(map);
  let theme = boot.theme;
  return {
    update({ data, tables, boot: now }) {
      if (now.theme !== theme) map.setTheme((theme = now.theme));
      const { heard, cells: _, focus, ...state } = data;
      const settled = choices.settle(state, heard);
      map.update({ ...settled, theme: now.theme, lang: now.lang, cells: cellsOf(tables.cells, data.cells), segments: segmentsOf(tables.segments) });
      if (pinned) shown = showPlace(map, { focus, before: shown, clicked });
      holder.dataset.rev = String(Number(holder.dataset.rev ?? 0) + 1);
    },
    follow: choices.follow,
    resolution: () => map.viewport()?.resolution,
    destroy() {
      leave();
      map.destroy();
    },
  };
}

const together = new Set();

/** Maps side by side show the same place: whichever is moved takes the others along. */
function moveTogether(map) {
  let led = false;
  const follow = () => {
    if (led) return;
    const { center, zoom } = map.viewport() ?? {};
    if (center) for (const other of together) if (other.map !== map) other.lead({ center, zoom });
  };
  const member = {
    map,
    lead(view) {
      led = true;
      map.setView(view);
      led = false;
    },
  };
  together.add(member);
  map.leaflet.on("move", follow);
  return () => together.delete(member);
}

const PHONE_PX = 800;

/**
 * A map beside a list: what is picked in the list is brought into view, what was clicked on the map
 * already is. Returns what is shown, for the next time.
 */
function showPlace(map, { focus, before, clicked }) {
  const cell = focus?.cell ?? null;
  if (before === undefined || cell === null || cell === before || cell === clicked) return cell;
  const { bounds, zoom } = map.viewport();
  const [lon, lat] = focus.center;
  const inside = lon > bounds[0] && lon < bounds[2] && lat > bounds[1] && lat < bounds[3];
  if (!inside || zoom < focus.zoom) map.setView({ center: focus.center, zoom: Math.max(zoom, focus.zoom) });
  return cell;
}

/** A wall-sized window: the panels grow as much, see panels.css. */
const onWall = () => window.matchMedia("(min-width: 2800px)").matches;

const QUIET = { selected: null, resolution: null, scale_locked: true };
const OTHER = { selected: { cell: "0" }, resolution: 8 };

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Choices that Python hears of without sending the map anew: what is picked, resolution, scale.
 *
 * `follow` takes them over at once, also those made outside the map (the card's list, its ×).
 * `settle` drops them from an answer older than the last of them, and sees to it that an answer
 * which takes one back (the Back button) is not taken for no change.
 */
function followChoices(map) {
  const told = { ...QUIET };
  const shown = { ...QUIET };
  let asked = 0;

  function force(key, value) {
    if (same(told[key], value)) map.update({ [key]: key === "scale_locked" ? !value : OTHER[key] });
    Object.assign(told, { [key]: value });
    Object.assign(shown, { [key]: value });
  }

  return {
    follow(patch, serial) {
      asked = serial;
      for (const [key, value] of Object.entries(choicesIn(patch))) {
        if (same(shown[key], value)) continue;
        force(key, value);
        map.update({ [key]: value });
      }
    },
    settle(state, heard) {
      const settled = { ...state };
      for (const key of Object.keys(QUIET)) {
        if (heard != null && heard < asked) delete settled[key];
        else if (!same(shown[key], state[key])) force(key, state[key] ?? null);
      }
      return settled;
    },
  };
}

function choicesIn(patch) {
  const picked = (what, value) => ({ selected: value ? { [what]: value } : null });
  if ("close" in patch) return { selected: null };
  if (patch.cell !== undefined) return picked("cell", patch.cell?.id ?? patch.cell);
  if (patch.street !== undefined) return picked("street", patch.street);
  if (patch.unnamed !== undefined) return { selected: patch.unnamed === null ? null : { segment: patch.unnamed } };
  if ("select" in patch) return picked("polygon", patch.select?.polygon);
  if ("resolution" in patch) return { resolution: patch.resolution };
  return "scale_locked" in patch ? { scale_locked: patch.scale_locked } : {};
}

function column(table, name, Type) {
  const values = table.getChild(name)?.toArray() ?? [];
  return values instanceof Type ? values : Type.from(values);
}

const HALF = 2 ** 32;

/** Cells come as the first one and the steps between them; the engine wants two 32-bit halves. */
export function cellsOf(table, { first, unit, far }) {
  const n = table?.numRows ?? 0;
  const cells = { hi: new Uint32Array(n), lo: new Uint32Array(n), value: n ? column(table, "value", Float32Array) : new Float32Array(0) };
  if (n && table.getChild("value2")) cells.value2 = column(table, "value2", Float32Array);
  const step = n ? column(table, "step", Uint16Array) : [];
  let [hi, lo, next] = [Number.parseInt(first?.slice(0, -8), 16), Number.parseInt(first?.slice(-8), 16), 0];
  for (let at = 0; at < n; at += 1) {
    if (at) lo += (step[at] || far[next++]) * unit;
    hi += Math.floor(lo / HALF);
    lo %= HALF;
    cells.hi[at] = hi;
    cells.lo[at] = lo;
  }
  return cells;
}

function segmentsOf(table) {
  if (!table) return undefined;
  return { index: column(table, "index", Uint32Array), value: column(table, "value", Float32Array) };
}
