/** Copying on an intranet: pages served over plain http have no clipboard interface. */

import { build } from "./dom.js";

/** Copy `text`; true when it worked. `beside` is a node to work next to. */
export async function copyText(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, beside);
  }
}

function copyBySelection(text, beside) {
  const focused = beside.getRootNode().activeElement;
  const field = build("textarea", { class: "gt-offscreen", "aria-hidden": "true" });
  field.value = text;
  beside.after(field);
  field.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } finally {
    field.remove();
    focused?.focus({ preventScroll: true });
  }
  return copied;
}
