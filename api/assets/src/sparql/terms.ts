/** Terms of RDF in answers, and what shows them. */

import { element } from "./elements";
import { shownIri } from "./names";
import type { Surroundings } from "./surroundings";

export interface Term {
  readonly type: "uri" | "literal" | "typed-literal" | "bnode" | "triple";
  readonly value: string | QuotedTriple;
  readonly datatype?: string | undefined;
  readonly "xml:lang"?: string | undefined;
}

interface QuotedTriple {
  readonly subject: Term;
  readonly predicate: Term;
  readonly object: Term;
}

export type Row = readonly (Term | undefined)[];

/** Rows under their names, however they were asked for. */
export interface Rows {
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
}

const STRING = "http://www.w3.org/2001/XMLSchema#string";
const XSD = "http://www.w3.org/2001/XMLSchema#";
/** Types that the text itself shows well enough. */
const PLAIN = new Set(["integer", "decimal", "double", "float", "boolean", "date"]);
const LONG = 600;

/** Return a term as a text, to be sorted and searched by. */
export function textOf(term: Term | undefined): string {
  if (!term) return "";
  if (typeof term.value === "string") return term.value;
  const { subject, predicate, object } = term.value;
  return [subject, predicate, object].map(textOf).join(" ");
}

/** Return what shows a term; long texts are cut, and opened on demand. */
export function shownTerm(
  term: Term,
  around: Surroundings,
  prefixes: Readonly<Record<string, string>>,
): HTMLElement {
  if (typeof term.value !== "string") return quoted(term.value, around, prefixes);
  if (term.type === "uri") return shownIri(term.value, around, prefixes);
  if (term.type === "bnode") return element("bdi", { class: "quiet" }, `_:${term.value}`);
  const kind = kindOf(term, around, prefixes);
  return element("span", { class: "literal", title: term.datatype }, longText(term.value), kind && " ", kind);
}

function quoted(
  triple: QuotedTriple,
  around: Surroundings,
  prefixes: Readonly<Record<string, string>>,
): HTMLElement {
  const parts = [triple.subject, triple.predicate, triple.object];
  const shown = parts.flatMap((each) => [shownTerm(each, around, prefixes), " "]);
  return element("span", {}, "<<( ", ...shown, ")>>");
}

function kindOf(
  term: Term,
  around: Surroundings,
  prefixes: Readonly<Record<string, string>>,
): HTMLElement | undefined {
  const language = term["xml:lang"];
  if (language) return element("small", {}, `@${language}`);
  if (!term.datatype || term.datatype === STRING) return undefined;
  if (PLAIN.has(term.datatype.replace(XSD, ""))) return undefined;
  const name = shownIri(term.datatype, around, prefixes).textContent;
  return element("small", {}, name);
}

function longText(text: string): HTMLElement {
  if (text.length <= LONG) return element("bdi", {}, text);
  const first = element("bdi", {}, `${text.slice(0, LONG / 2)}…`);
  const summary = element("summary", {}, first, ` (${text.length.toLocaleString("en")} characters)`);
  return element("details", {}, summary, element("bdi", {}, text));
}
