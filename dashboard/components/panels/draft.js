/**
 * What the user has asked for and the server has not yet confirmed.
 *
 * The screen follows the hand at once. An answer to an older question, arriving late, does not
 * undo a newer click: a key stays as clicked until the answer agrees or `patience_ms` pass.
 */

import { settled } from "./dom.js";

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * A first change is sent as soon as its click is dealt with; those that follow within `gather_ms`
 * are gathered and sent together. `refresh` is called to repaint.
 */
export function createDraft({ send, refresh, gather_ms = 40, patience_ms = 6000 }) {
  let confirmed = {};
  let asked = {};
  let unsent = {};
  let calm = true;
  const deliver = () => {
    const patch = unsent;
    unsent = {};
    if (Object.keys(patch).length) send(patch);
  };
  const gathered = settled(gather_ms, () => {
    calm = true;
    deliver();
  });
  const giveUp = settled(patience_ms, () => {
    asked = {};
    refresh();
  });
  return {
    /** The values to show. */
    values: () => ({ ...confirmed, ...asked }),
    ask(patch) {
      asked = { ...asked, ...patch };
      unsent = { ...unsent, ...patch };
      if (calm) queueMicrotask(deliver);
      calm = false;
      gathered();
      giveUp();
      refresh();
    },
    confirm(values) {
      confirmed = values ?? {};
      for (const key of Object.keys(asked)) {
        if (!(key in unsent) && same(asked[key], confirmed[key])) delete asked[key];
      }
    },
    forget() {
      asked = {};
      unsent = {};
    },
    destroy() {
      gathered.now();
      gathered.cancel();
      giveUp.cancel();
    },
  };
}
