/** What the user does, shown at once and reported upward with `emit`. */

import { cellHex } from "./cells.js";
import { cellUnder, segmentUnder, showHover } from "./pointing.js";
import { paintedState } from "./state.js";
import { describeCell, describeSegment } from "./tooltip.js";

/** A choice of the user: shown at once, then reported. */
export function choose(host, patch, report = patch) {
  Object.assign(host.state, patch);
  if (patch.layer && patch.layer !== "table") host.face = patch.layer;
  host.refresh();
  host.emit(report);
}

/** Without numbers by segment the street layer waits for the host to bring them, so that it is never shown blank. */
export function chooseLayer(host, layer) {
  if (layer !== "streets" || host.state.segments) {
    choose(host, { layer });
    return;
  }
  host.parts.switches.show({ ...host.state, layer });
  host.emit({ layer });
}

/** Area totals are another set of numbers, so a change to or from them waits for the host; counts and rates share theirs. */
export function chooseMeasure(host, measure) {
  const shared = ["count", "per_km"];
  const able = shared.includes(measure) && shared.includes(host.state.measure) && Boolean(host.state.breaks?.[measure]);
  if (able) {
    choose(host, { measure });
    return;
  }
  host.parts.switches.show({ ...host.state, measure });
  host.emit({ measure });
}

function selectCell(host, cell) {
  const again = host.state.selected?.cell === cell.id;
  choose(
    host,
    { selected: again ? null : { cell: cell.id } },
    { cell: again ? null : { id: cell.id, resolution: host.scene.resolution } },
  );
}

/** A segment without a name stands for itself: what else has no name is another street. */
function selectSegment(host, segment) {
  const again = host.scene.selectedSegments.includes(segment);
  choose(host, { selected: again ? null : { segment } }, { unnamed: again ? null : segment });
}

function selectStreet(host, street, segment) {
  const name = host.workings.basemap.streets[street]?.name ?? "";
  if (!name) {
    selectSegment(host, segment);
    return;
  }
  const again = host.scene.selectedStreets.includes(street);
  choose(
    host,
    { selected: again ? null : { street } },
    again ? { street: null, segment: null } : { street: name, segment },
  );
}

function clearSelection(host) {
  if (!host.state.selected) return;
  const onStreet = "street" in host.state.selected || "segment" in host.state.selected;
  const report = onStreet ? { street: null, segment: null } : { cell: null };
  choose(host, { selected: null }, "polygon" in host.state.selected ? { select: null } : report);
}

function under(host, latlng) {
  if (!host.scene || !host.overlay.view) return null;
  const { lng, lat } = latlng.wrap();
  if (paintedState(host.state, host.face).layer === "streets") {
    const segment = segmentUnder(host, lng, lat);
    return segment < 0 ? null : { segment };
  }
  const cell = cellUnder(host, lng, lat);
  return cell && { cell };
}

export function clicked(host, event) {
  const found = under(host, event.latlng);
  if (!found) clearSelection(host);
  else if (found.cell) selectCell(host, found.cell);
  else selectStreet(host, host.workings.basemap.segments.street[found.segment], found.segment);
}

export function hovered(host, event) {
  cancelAnimationFrame(host.hoverFrame);
  host.hoverFrame = requestAnimationFrame(() => {
    const found = event && !host.moving ? under(host, event.latlng) : null;
    showHover(host.parts.top, host, found);
    host.frame.classList.toggle("gt-on-something", Boolean(found));
    if (!found) {
      host.parts.tip.hide();
      return;
    }
    const described = found.cell
      ? describeCell(host.words, host.scene, found.cell.layer, found.cell.at)
      : describeSegment(host.words, host.scene, found.segment);
    const { x, y } = event.containerPoint;
    const size = host.map.getSize();
    host.parts.tip.show(described, x, y, size.x, size.y);
  });
}

export function picked(host, points) {
  host.frame.focus({ preventScroll: true });
  host.showTools();
  if (!points) return;
  const polygon = points.map((point) => {
    const { lng, lat } = host.map.containerPointToLatLng(point).wrap();
    return [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
  });
  choose(host, { selected: { polygon } }, { select: { polygon } });
}

export function pick(host, mode) {
  const again = host.parts.picking.mode() === mode;
  host.parts.picking.cancel();
  if (!again) host.parts.picking.start(mode);
  host.showTools();
}

export function pickedRow(host, row) {
  if (row.street !== undefined) selectStreet(host, row.street, row.segment);
  else selectCell(host, { id: cellHex(row.layer.set.hi[row.at], row.layer.set.lo[row.at]) });
}

/** The keyboard's pointer is the middle of the map: moved by the arrow keys, pressed by Enter. */
export function listenToKeys(host) {
  const middle = () => ({ latlng: host.map.getCenter(), containerPoint: host.map.getSize().divideBy(2) });
  host.frame.addEventListener("keydown", (event) => {
    if (event.key === "Enter") clicked(host, middle());
    if (event.key === "Escape") clearSelection(host);
  });
  host.frame.addEventListener("keyup", (event) => {
    if (!event.key.startsWith("Arrow")) return;
    host.parts.tip.speak();
    host.map.once("moveend", () => hovered(host, middle()));
    hovered(host, middle());
  });
  host.frame.addEventListener("blur", () => hovered(host, null));
}
