/** Asks one address again and again, with the mark of what is shown; "nothing new" costs a few bytes. */

import { PATIENCE_MS, waitOf } from "./wall_time.js";

/** `take(told)` gets what is new; `heard({reached, refused})` every outcome. */
export function createFeed({ address, take, heard }) {
  let [mark, timer, ended, asking] = [null, null, false, false];

  async function ask() {
    if (asking || ended) return;
    asking = true;
    clearTimeout(timer);
    const outcome = await once();
    asking = false;
    if (ended) return;
    heard(outcome);
    timer = setTimeout(ask, waitOf(outcome.reached));
  }

  async function once() {
    try {
      const answer = await fetch(address, {
        cache: "no-store",
        headers: mark ? { "If-None-Match": `"${mark}"` } : {},
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.status === 304) return { reached: true };
      if (!answer.ok) return { reached: false, refused: answer.status === 403 ? await answer.text() : "" };
      const told = await answer.json();
      await take(told);
      mark = told.mark;
      return { reached: true };
    } catch {
      return { reached: false };
    }
  }

  const again = () => document.hidden || ask();
  return {
    begin() {
      window.addEventListener("online", again);
      document.addEventListener("visibilitychange", again);
      ask();
    },
    end() {
      ended = true;
      clearTimeout(timer);
      window.removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
    },
  };
}
