/** Triples as a picture: things as nodes, their links as arrows; their texts beside the one chosen. */

import { button, drawn, element } from "./elements";
import { read, termOf } from "./answers";
import { layOut, type Point } from "./layout";
import { shortened, shownIri } from "./names";
import type { Surroundings } from "./surroundings";
import { shownTerm } from "./terms";
import type { Node, Quad, View, Viewer } from "./yasgui";

const MOST = 120;
const ALL_LABELLED = 24;
const MARGIN = 120;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const LABEL = "http://www.w3.org/2000/01/rdf-schema#label";

type Prefixes = Readonly<Record<string, string>>;

interface Thing {
  readonly node: Node;
  readonly name: string;
  readonly quads: Quad[];
}

interface Link {
  readonly from: number;
  readonly to: number;
  readonly names: string[];
}

/** Return the view of CONSTRUCT and DESCRIBE as a picture. */
export function graphView(around: Surroundings): new (viewer: Viewer) => View {
  return class implements View {
    readonly priority = 5;
    readonly label = "Graph";

    constructor(private readonly viewer: Viewer) {}

    canHandleResults(): boolean {
      return read(this.viewer.results)?.kind === "triples";
    }

    draw(): void {
      const answer = read(this.viewer.results);
      if (answer?.kind !== "triples") return;
      const prefixes = { ...around.prefixes, ...this.viewer.getPrefixes() };
      this.viewer.resultsEl.append(...new Picture(answer.quads, around, prefixes).parts());
    }

    getIcon(): undefined {
      return undefined;
    }
  };
}

class Picture {
  private readonly things: readonly Thing[];
  private readonly links: readonly Link[];
  private readonly total: number;
  private readonly panel = element("section", { class: "chosen", "aria-live": "polite", "aria-label": "The thing chosen" });
  private nodes: readonly SVGGElement[] = [];
  private lines: readonly SVGGElement[] = [];

  constructor(
    quads: readonly Quad[],
    private readonly around: Surroundings,
    private readonly prefixes: Prefixes,
  ) {
    const all = thingsOf(quads, prefixes);
    this.total = all.size;
    // Of too many, those that most is said of.
    const kept = [...all.entries()].sort(([, one], [, other]) => other.quads.length - one.quads.length).slice(0, MOST);
    this.things = kept.map(([, thing]) => thing);
    this.links = linksOf(quads, new Map(kept.map(([key], at) => [key, at])), prefixes);
  }

  parts(): HTMLElement[] {
    if (!this.things.length) return [element("p", {}, "There are no triples.")];
    const shown = this.things.length;
    const cut = this.total > shown ? ` The ${shown} of ${this.total} things with most triples are drawn.` : "";
    const note = `${shown} things, ${this.links.length} links.${cut} Choose a thing to see what is said of it; the table has every triple.`;
    const region = element("div", { class: "scroll picture", role: "region", tabindex: 0, "aria-label": "Picture of the graph" });
    const svg = this.svg();
    region.append(svg);
    requestAnimationFrame(() => fit(svg, region));
    this.panel.append(element("p", { class: "quiet" }, "Nothing is chosen."));
    return [
      element("p", { class: "quiet" }, note),
      element(
        "p",
        { class: "zoom" },
        button("Smaller", () => scale(svg, 0.8), { class: "quiet" }),
        button("Larger", () => scale(svg, 1.25), { class: "quiet" }),
        button("Fit", () => fit(svg, region, 0), { class: "quiet" }),
      ),
      element("div", { class: "graph" }, region, this.panel),
    ];
  }

  private svg(): SVGSVGElement {
    const places = layOut(this.things.length, this.links.map(({ from, to }) => [from, to] as const));
    const [left, top, width, height] = boxOf(places);
    this.lines = this.links.map((link) => this.line(link, places));
    this.nodes = this.things.map((thing, at) => this.node(thing, at, places[at] as Point));
    const svg = drawn("svg", {
      viewBox: `${left} ${top} ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-label": "Things and their links",
    });
    svg.append(arrowhead(), ...this.lines, ...this.nodes);
    return svg;
  }

  private node(thing: Thing, at: number, { x, y }: Point): SVGGElement {
    const kind = thing.quads.find((quad) => quad.predicate.value === TYPE)?.object.value;
    const group = drawn(
      "g",
      { class: "node", tabindex: 0, role: "button", "aria-pressed": "false", transform: `translate(${x} ${y})` },
      drawn("circle", { r: 9 }),
      drawn("text", { y: 24 }, clipped(thing.name)),
      kind ? drawn("text", { y: 38, class: "kind" }, clipped(shortened(kind, this.prefixes))) : null,
    );
    group.addEventListener("click", () => this.choose(at));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.choose(at);
    });
    return group;
  }

  private line(link: Link, places: readonly Point[]): SVGGElement {
    const [from, to] = [places[link.from] as Point, places[link.to] as Point];
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const x = (to.x - from.x) / length;
    const y = (to.y - from.y) / length;
    const ends = { x1: from.x + x * 11, y1: from.y + y * 11, x2: to.x - x * 14, y2: to.y - y * 14 };
    const isLabelled = this.links.length <= ALL_LABELLED;
    return drawn(
      "g",
      { class: isLabelled ? "link labelled" : "link" },
      drawn("line", { ...ends, "marker-end": "url(#arrow)" }),
      drawn("text", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 3 }, clipped(link.names.join(", "))),
    );
  }

  private choose(at: number): void {
    const thing = this.things[at];
    if (!thing) return;
    this.nodes.forEach((node, other) => {
      node.setAttribute("aria-pressed", String(other === at));
      node.classList.toggle("is-chosen", other === at);
    });
    this.links.forEach(({ from, to }, other) => {
      this.lines[other]?.classList.toggle("is-near", from === at || to === at);
    });
    this.panel.replaceChildren(this.title(thing), this.said(thing));
  }

  private title(thing: Thing): HTMLElement {
    const isIri = thing.node.termType === "NamedNode";
    const name = isIri ? shownIri(thing.node.value, this.around, this.prefixes) : `_:${thing.node.value}`;
    return element("h2", {}, name);
  }

  private said(thing: Thing): HTMLElement {
    const byPredicate = new Map<string, Quad[]>();
    for (const quad of thing.quads.slice(0, MOST)) {
      byPredicate.set(quad.predicate.value, [...(byPredicate.get(quad.predicate.value) ?? []), quad]);
    }
    const rows = [...byPredicate].flatMap(([predicate, quads]) => [
      element("dt", {}, shownIri(predicate, this.around, this.prefixes)),
      ...quads.map(({ object }) => element("dd", {}, shownTerm(termOf(object), this.around, this.prefixes))),
    ]);
    return rows.length ? element("dl", {}, ...rows) : element("p", {}, "Nothing is said of it here.");
  }
}

function thingsOf(quads: readonly Quad[], prefixes: Prefixes): Map<string, Thing> {
  const labels = new Map(quads.filter((each) => each.predicate.value === LABEL).map((each) => [keyOf(each.subject), each.object.value]));
  const found = new Map<string, Thing>();
  const add = (node: Node): Thing => {
    const key = keyOf(node);
    const known = found.get(key);
    if (known) return known;
    const name = labels.get(key) ?? (node.termType === "BlankNode" ? `_:${node.value}` : shortened(node.value, prefixes));
    const made = { node, name, quads: [] };
    found.set(key, made);
    return made;
  };
  for (const quad of quads) {
    add(quad.subject).quads.push(quad);
    if (isThing(quad)) add(quad.object);
  }
  return found;
}

function linksOf(quads: readonly Quad[], numbers: ReadonlyMap<string, number>, prefixes: Prefixes): Link[] {
  const found = new Map<string, Link>();
  for (const quad of quads.filter(isThing)) {
    const from = numbers.get(keyOf(quad.subject));
    const to = numbers.get(keyOf(quad.object));
    if (from === undefined || to === undefined || from === to) continue;
    const name = shortened(quad.predicate.value, prefixes);
    const known = found.get(`${from} ${to}`);
    if (known) known.names.push(name);
    else found.set(`${from} ${to}`, { from, to, names: [name] });
  }
  return [...found.values()];
}

/** A type is written below its thing, and is no node. */
function isThing(quad: Quad): boolean {
  return quad.object.termType !== "Literal" && quad.predicate.value !== TYPE;
}

function keyOf(node: Node): string {
  return `${node.termType} ${node.value}`;
}

/** Show all of a picture, if it stays legible; and its middle. */
function fit(svg: SVGSVGElement, region: HTMLElement, least = 0.6): void {
  const wanted = region.clientWidth / svg.viewBox.baseVal.width;
  size(svg, Math.min(1.2, Math.max(least, wanted)));
  region.scrollLeft = (region.scrollWidth - region.clientWidth) / 2;
  region.scrollTop = (region.scrollHeight - region.clientHeight) / 2;
}

function scale(svg: SVGSVGElement, by: number): void {
  size(svg, (svg.width.baseVal.value / svg.viewBox.baseVal.width) * by);
}

function size(svg: SVGSVGElement, by: number): void {
  svg.setAttribute("width", String(Math.round(svg.viewBox.baseVal.width * by)));
  svg.setAttribute("height", String(Math.round(svg.viewBox.baseVal.height * by)));
}

function boxOf(places: readonly Point[]): [number, number, number, number] {
  const xs = places.map((place) => place.x);
  const ys = places.map((place) => place.y);
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN / 2];
  return [left, top, Math.max(...xs) + MARGIN - left, Math.max(...ys) + MARGIN / 2 - top];
}

function clipped(text: string): string {
  return text.length > 34 ? `${text.slice(0, 16)}…${text.slice(-17)}` : text;
}

function arrowhead(): SVGDefsElement {
  const marker = { id: "arrow", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" };
  return drawn("defs", {}, drawn("marker", marker, drawn("path", { d: "M0 0 10 5 0 10z" })));
}
