/** Puts one of our panels, or the map, into the place Streamlit gives it, and keeps it there. */

import { mount as mountFilterPanel } from "./filter_panel.js";
import { mount as mountPhaseRuler } from "./phase_ruler.js";
import { mount as mountCasePanel } from "./case_panel.js";
import { mount as mountMasthead } from "./masthead.js";
import { mount as mountTotals } from "./totals.js";
import { EMERGING, applyTheme, inkOn } from "../web/tokens.js";
import { mount as mountSheet } from "./sheet.js";
import { mount as mountLedger } from "./ledger.js";
import { mount as mountWall } from "./wall.js";
import { mountMap } from "./map_host.js";
import { keepHash, keepShownResolution } from "./address.js";
import { once } from "./once.js";

const MOUNTS = {
  filter_panel: mountFilterPanel,
  phase_ruler: mountPhaseRuler,
  case_panel: mountCasePanel,
  masthead: mountMasthead,
  totals: mountTotals,
  sheet: mountSheet,
  ledger: mountLedger,
  wall: mountWall,
  case_map: mountMap,
};

/** What only the card must answer: picking redraws neither the filters nor the map's numbers. */
const FOR_CARD = ["cell", "street", "unnamed", "select", "close", "resolution", "scale_locked", "more"];

const kept = new WeakMap();
const shown = new Map();
let serial = Date.now();

keepHash();
keepShownResolution(() => shown.get("case_map")?.shown?.resolution?.());

/** Called on every run of the page: mounts the first time, afterwards only hands over data. */
export async function run(kind, { data, parentElement, setTriggerValue }) {
  const boot = data.boot;
  const now = { boot, data: data.payload ?? data, tables: data, emit: (patch) => setTriggerValue("change", patch) };
  let panel = kept.get(parentElement);
  if (panel && panel.lang !== boot.lang) {
    panel.shown?.destroy?.();
    panel = undefined;
  }
  setTheme(boot);
  if (panel) {
    panel.now = now;
  } else {
    panel = { lang: boot.lang, now };
    kept.set(parentElement, panel);
    shown.set(kind, panel);
    const fresh = await mountFresh(kind, parentElement, boot, panel);
    if (kept.get(parentElement) !== panel) return fresh?.destroy?.();
    panel.shown = fresh;
  }
  if (kind === "case_map") mapPainted = nextFrame();
  else await mapPainted;
  show(panel);
}

/** Hand over what came last, once: while a panel was being mounted, more than one run may have come. */
function show(panel) {
  const { shown: ready, now } = panel;
  if (!ready || panel.handed === now) return;
  panel.handed = now;
  ready.update?.({ data: now.data, tables: now.tables, boot: now.boot });
}

/** The map is what is looked at: what arrives with it is drawn when it has been painted. */
let mapPainted = Promise.resolve();

/** A tab that is hidden paints no frame: it does not wait for one. */
const nextFrame = () => (document.hidden ? Promise.resolve() : new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));

async function mountFresh(kind, parent, boot, panel) {
  const holder = document.createElement("div");
  holder.className = `gt-host gt-host-${kind.replace("_", "-")}`;
  holder.lang = boot.lang === "en" ? "en" : "zh-CN";
  parent.replaceChildren(holder);
  const [text] = await Promise.all([
    once(boot.lang, () => loadWords(`${boot.url}/words.${boot.lang}.json`)),
    once("style", () => loadStyle(`${boot.url}/page.css`)),
  ]);
  return MOUNTS[kind](holder, { data: panel.now.data, text, emit: (patch) => tell(panel, patch), boot, tokens: { EMERGING, inkOn } });
}

/** Send a patch to Python by the panel whose part of the page has to be drawn again. */
function tell(panel, patch) {
  serial += 1;
  const card = shown.get("case_panel");
  const forCard = card && FOR_CARD.some((key) => key in patch);
  if (forCard) shown.get("case_map")?.shown?.follow?.(patch, serial);
  (forCard ? card : panel).now.emit({ ...patch, serial });
}

/** Take the panel out when Streamlit removes it. */
export function drop(parentElement) {
  const panel = kept.get(parentElement);
  panel?.shown?.destroy?.();
  kept.delete(parentElement);
  for (const [kind, one] of shown) if (one === panel) shown.delete(kind);
}

function setTheme({ theme, lang }) {
  if (document.documentElement.dataset.gtTheme !== theme) applyTheme(document.documentElement, theme);
  document.documentElement.dataset.gtTheme = theme;
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
}

function loadStyle(href) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

async function loadWords(address) {
  return (await fetch(address)).json();
}
