/** Selecting an area by dragging a box or a lasso on a sheet laid over the map. */

import { element } from "./dom.js";

const LEAST_DRAG_PX = 8;

const STEP_PX = 4;

function boxCorners([x0, y0], [x1, y1]) {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** Is the dragged outline large enough to be meant? */
export function isMeant(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return (
    points.length > 2 &&
    Math.max(...xs) - Math.min(...xs) > LEAST_DRAG_PX &&
    Math.max(...ys) - Math.min(...ys) > LEAST_DRAG_PX
  );
}

/**
 * Create the sheet. `sketch(points|null)` shows the outline while dragging, `done(points|null)` ends the mode;
 * points are container pixels. The mode is left by Esc or by finishing.
 */
export function createPicking({ root, sketch, done }) {
  const sheet = element("div", { class: "gt-pick-sheet", hidden: true });
  const drag = { mode: null, points: null };
  const at = (event) => {
    const frame = sheet.getBoundingClientRect();
    const shrink = sheet.offsetWidth / frame.width || 1;
    return [(event.clientX - frame.left) * shrink, (event.clientY - frame.top) * shrink];
  };
  const outline = () =>
    drag.mode === "box" ? boxCorners(drag.points[0], drag.points[drag.points.length - 1]) : drag.points;
  const leave = (points) => {
    Object.assign(drag, { mode: null, points: null });
    sheet.hidden = true;
    sketch(null);
    done(points);
  };
  sheet.addEventListener("pointerdown", (event) => {
    sheet.setPointerCapture(event.pointerId);
    drag.points = [at(event)];
    event.preventDefault();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!drag.points) return;
    const [point, last] = [at(event), drag.points[drag.points.length - 1]];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < STEP_PX) return;
    drag.points.push(point);
    sketch(outline());
  });
  sheet.addEventListener("pointerup", () => {
    if (drag.points) {
      const points = outline();
      leave(isMeant(points) ? points : null);
    }
  });
  sheet.addEventListener("pointercancel", () => leave(null));
  const escape = (event) => {
    if (event.key === "Escape" && drag.mode) leave(null);
  };
  root.addEventListener("keydown", escape);
  const start = (mode) => {
    Object.assign(drag, { mode, points: null });
    sheet.hidden = false;
  };
  return {
    sheet,
    start,
    cancel: () => drag.mode && leave(null),
    mode: () => drag.mode,
    destroy: () => root.removeEventListener("keydown", escape),
  };
}
