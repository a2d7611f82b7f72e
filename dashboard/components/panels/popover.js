/**
 * A sheet that opens beside a button and escapes every clipping parent.
 *
 * Uses the browser's top layer where there is one, a fixed layer elsewhere. Escape and a click
 * outside close it, focus goes back to the button. On a narrow window it sits at the bottom.
 */

import { build, setAttribute } from "./dom.js";

const NARROW_PX = 560;
const GAP_PX = 6;
const EDGE_PX = 8;
const TABBABLE = 'button:not([tabindex="-1"]):not(:disabled), input, [tabindex="0"]';

/** Tie `anchor` (a button) to a sheet holding `content`; `kind` is its ARIA role. */
export function createPopover({ anchor, content, label, kind = "dialog", onOpen, onClose }) {
  const sheet = build("div", { class: "gt-pop", role: kind, "aria-label": label }, [content]);
  const onTop = typeof sheet.showPopover === "function";
  let open = false;
  if (onTop) sheet.setAttribute("popover", "manual");
  sheet.hidden = !onTop;
  anchor.after(sheet);
  setAttribute(anchor, "aria-haspopup", kind);
  setAttribute(anchor, "aria-expanded", "false");

  function show() {
    open = true;
    if (onTop) sheet.showPopover();
    else sheet.hidden = false;
    anchor.setAttribute("aria-expanded", "true");
    onOpen?.();
    placeSheet(sheet, anchor);
    listen("addEventListener");
  }

  function close({ refocus = true } = {}) {
    if (!open) return;
    open = false;
    listen("removeEventListener");
    if (onTop) sheet.hidePopover();
    else sheet.hidden = true;
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus({ preventScroll: true });
    onClose?.();
  }

  const follow = () => placeSheet(sheet, anchor);
  const outside = (event) => {
    const path = event.composedPath();
    if (!path.includes(sheet) && !path.includes(anchor)) close({ refocus: false });
  };
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
  const leave = (event) => {
    const next = event.relatedTarget;
    if (next && !sheet.contains(next) && next !== anchor) close({ refocus: false });
  };

  function listen(verb) {
    document[verb]("pointerdown", outside, true);
    window[verb]("resize", follow);
    window[verb]("scroll", follow, true);
    sheet[verb]("focusout", leave);
  }

  sheet.addEventListener("keydown", keys);
  anchor.addEventListener("keydown", keys);
  anchor.addEventListener("click", ({ detail }) => {
    if (open) return void close();
    show();
    const byKey = detail === 0 && !sheet.contains(sheet.getRootNode().activeElement);
    if (byKey) sheet.querySelector(TABBABLE)?.focus({ preventScroll: true });
  });
  return {
    sheet,
    close,
    isOpen: () => open,
    destroy() {
      close({ refocus: false });
      sheet.remove();
    },
  };
}

function placeSheet(sheet, anchor) {
  const narrow = window.innerWidth <= NARROW_PX;
  sheet.classList.toggle("gt-pop-bottom", narrow);
  if (narrow) {
    Object.assign(sheet.style, { left: "", top: "", minWidth: "" });
    return;
  }
  const beside = anchor.getBoundingClientRect();
  sheet.style.minWidth = `${Math.round(beside.width)}px`;
  const { width, height } = sheet.getBoundingClientRect();
  const { left, top } = sheetCorner(beside, { width, height }, window.innerWidth, window.innerHeight);
  Object.assign(sheet.style, { left: `${left}px`, top: `${top}px` });
}

/**
 * Left and top of a sheet: below its button, above when there is more room, always on screen.
 *
 * All in CSS pixels of the viewport.
 */
export function sheetCorner(beside, size, viewWidth, viewHeight) {
  const left = Math.max(EDGE_PX, Math.min(beside.left, viewWidth - size.width - EDGE_PX));
  const under = beside.bottom + GAP_PX;
  const over = beside.top - GAP_PX - size.height;
  const fits = under + size.height + EDGE_PX <= viewHeight;
  const wanted = fits || over < EDGE_PX ? under : over;
  const top = Math.max(EDGE_PX, Math.min(wanted, viewHeight - size.height - EDGE_PX));
  return { left: Math.round(left), top: Math.round(top) };
}
