/** On a phone the filters cover the page: one button opens and closes them, by Streamlit's own hidden ones. */

import { build } from "./dom.js";

const CLOSED = '[data-testid="stExpandSidebarButton"]';
const CLOSE = '[data-testid="stSidebarHeader"] button';
const PAGE = '[data-testid="stSidebarNavLink"]';

/** The button; going to another page closes the filters too. */
export function createSidebarSwitch() {
  const phone = window.matchMedia("(max-width: 800px)");
  const isOpen = () => !document.querySelector(CLOSED);
  const close = () => isOpen() && document.querySelector(CLOSE)?.click();
  let wasOpen = null;
  const element = build("button", {
    type: "button",
    class: "gt-mast-button gt-mast-filters",
    // Streamlit closes it on any press outside, so what was open is known only before the click
    onpointerdown: () => (wasOpen = isOpen()),
    onclick() {
      const open = wasOpen ?? isOpen();
      wasOpen = null;
      if (open) close();
      else document.querySelector(CLOSED)?.click();
    },
  });
  const leave = (event) => phone.matches && event.target.closest?.(PAGE) && setTimeout(close, 0);
  document.addEventListener("click", leave);
  return { element, destroy: () => document.removeEventListener("click", leave) };
}
