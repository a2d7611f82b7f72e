/**
 * The wall: four screens in turn, no controls. What it shows comes from one address, asked for again and
 * again; turning the screens asks nobody. Made for days: one map, one timer each for turning and asking.
 */

import { build } from "./dom.js";
import { createCorner } from "./wall_corner.js";
import { createFeed } from "./wall_feed.js";
import { createHead } from "./wall_head.js";
import { createStage } from "./wall_stage.js";
import { FADE_MS, TURN_MS, clockText, stepped, unitOf } from "./wall_time.js";
import { applyTheme } from "../web/tokens.js";

export function mount(place, { data, text, boot }) {
  const root = build("main", { class: "gt-wall", "aria-label": data.region, lang: place.lang });
  document.body.append(root);
  const behind = document.getElementById("root");
  if (behind) behind.inert = true;
  const head = createHead();
  const stage = createStage({ boot, text, fade: FADE_MS });
  const line = build("p", { class: "gt-wall-line", role: "status", text: data.begin });
  const corner = createCorner(root, data);
  root.append(head.top, stage.element, head.bottom, line, corner.element);

  const wall = { at: 0, screens: [], told: null, theme: null };
  const turn = (by) => show(stepped(wall.at, by, wall.screens.length));

  function show(at) {
    wall.at = at;
    const screen = wall.screens[at];
    root.dataset.screen = screen?.code ?? "";
    head.turn(at, wall.screens.length);
    stage.show(screen, wall.theme);
    clearTimeout(wall.timer);
    if (wall.screens.length > 1) wall.timer = setTimeout(() => turn(1), TURN_MS);
  }

  function paintTheme(theme) {
    if (wall.theme === theme) return;
    wall.theme = theme;
    applyTheme(root, theme);
    if (wall.told) show(wall.at);
  }

  async function take(told) {
    if (isOtherSoftware(told.boot.url, boot.url)) return;
    await stage.ready(told.boot);
    Object.assign(wall, { told, screens: told.screens });
    head.update(told, wall.theme);
    show(Math.min(wall.at, Math.max(told.screens.length - 1, 0)));
    root.dataset.mark = told.mark;
    root.dataset.taken = String(Number(root.dataset.taken ?? 0) + 1);
  }

  function heard({ reached, refused }) {
    const since = wall.heardAt;
    if (reached) wall.heardAt = new Date();
    const away = since ? data.lost.replace("{at}", clockText(since, new Date(), root.lang)) : data.waiting;
    line.textContent = reached ? (wall.told?.trouble ?? wall.told?.empty ?? "") : refused || away;
    line.hidden = line.textContent === "";
    line.classList.toggle("gt-wall-line-middle", !wall.screens.length);
  }

  const feed = createFeed({ address: data.feed, take, heard });
  const keys = ({ key }) => {
    if (key === "ArrowRight" || key === "ArrowLeft") turn(key === "ArrowRight" ? 1 : -1);
    if (key === "Escape") corner.call();
  };
  const scale = () => {
    const unit = unitOf(window.innerWidth, window.innerHeight);
    root.style.setProperty("--w", `${unit}px`);
    stage.resize(unit);
    if (wall.told) show(wall.at);
  };
  const stayAwake = keepAwake();
  window.addEventListener("keydown", keys);
  window.addEventListener("resize", scale);
  paintTheme(chosenTheme(boot.theme));
  scale();
  feed.begin();

  return {
    update: ({ boot: now }) => paintTheme(chosenTheme(now.theme)),
    destroy() {
      clearTimeout(wall.timer);
      feed.end();
      corner.destroy();
      stage.destroy();
      stayAwake.end();
      window.removeEventListener("keydown", keys);
      window.removeEventListener("resize", scale);
      if (behind) behind.inert = false;
      root.remove();
    },
  };
}

/** Dark, unless somebody chose a theme: a white wall blinds a dim hall, and dark screens age less. */
function chosenTheme(theme) {
  const chosen = Object.keys(localStorage).some((key) => key.startsWith("stActiveTheme-") && /Light|Dark/.test(localStorage.getItem(key)));
  return chosen ? theme : "dark";
}

const AGAIN = "gt-wall-began";
const LEAST_MS = 600_000;

/** Newer software: begin anew, though not over and over where two versions answer in turn. */
function isOtherSoftware(theirs, ours) {
  if (theirs === ours || Date.now() - Number(sessionStorage.getItem(AGAIN) ?? 0) < LEAST_MS) return false;
  sessionStorage.setItem(AGAIN, String(Date.now()));
  window.location.reload();
  return true;
}

/** Keep the screen from going dark, where the browser may. */
function keepAwake() {
  let lock = null;
  const ask = async () => {
    if (document.hidden || !navigator.wakeLock) return;
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      lock = null;
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return {
    end() {
      document.removeEventListener("visibilitychange", ask);
      lock?.release?.();
    },
  };
}
