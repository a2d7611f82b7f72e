/** The way out: two small buttons that show while the mouse moves, or after Esc. */

import { build } from "./dom.js";

const SHOWN_MS = 3_000;

export function createCorner(root, data) {
  let timer = null;
  const leave = build("button", { type: "button", text: data.leave, onclick: () => window.location.assign(data.home) });
  const full = build("button", { type: "button", text: data.full, onclick: () => toggleFull() });
  const element = build("div", { class: "gt-wall-corner", hidden: true }, [full, leave]);

  function hide() {
    if (element.contains(document.activeElement)) document.activeElement.blur();
    element.hidden = true;
    root.classList.remove("gt-wall-awake");
  }

  function show() {
    element.hidden = false;
    full.hidden = !document.fullscreenEnabled;
    root.classList.add("gt-wall-awake");
    clearTimeout(timer);
    timer = setTimeout(hide, SHOWN_MS);
  }

  const left = () => document.fullscreenElement || show();
  root.addEventListener("pointermove", show);
  root.addEventListener("pointerdown", show);
  document.addEventListener("fullscreenchange", left);
  return {
    element,
    call() {
      show();
      leave.focus();
    },
    destroy() {
      clearTimeout(timer);
      document.removeEventListener("fullscreenchange", left);
    },
  };
}

async function toggleFull() {
  if (document.fullscreenElement) return document.exitFullscreen();
  try {
    return await document.documentElement.requestFullscreen();
  } catch {
    return null;
  }
}
