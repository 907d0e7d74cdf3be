/** Answers of the endpoint as YASR holds them, read without changing a character of a literal. */

import type { Quad, Results } from "./yasgui";
import type { Row, Rows, Term } from "./terms";

interface JsonResults {
  readonly head?: { readonly vars?: readonly string[] };
  readonly boolean?: boolean;
  readonly results?: { readonly bindings: readonly Readonly<Record<string, Term>>[] };
}

export type Read =
  | { readonly kind: "truth"; readonly truth: boolean }
  | ({ readonly kind: "rows" } & Rows)
  | ({ readonly kind: "triples"; readonly quads: readonly Quad[] } & Rows);

const kept = new WeakMap<Results, Read | null>();

/** Return what an answer says, or null where it is an error or nothing that can be shown. */
export function read(results: Results | undefined): Read | null {
  if (!results || results.hasError()) return null;
  const known = kept.get(results);
  if (known !== undefined) return known;
  const made = parsed(results);
  kept.set(results, made);
  return made;
}

function parsed(results: Results): Read | null {
  try {
    const isJson = (results.getContentType() ?? "").includes("sparql-results+json");
    if (isJson) return readJson(JSON.parse(results.getOriginalResponseAsString()) as JsonResults);
    results.getAsJson(); // reads triples, too
    const quads = results.getStatements();
    return quads ? { kind: "triples", quads, ...rowsOf(quads) } : null;
  } catch {
    return null;
  }
}

function readJson(json: JsonResults): Read | null {
  if (typeof json.boolean === "boolean") return { kind: "truth", truth: json.boolean };
  if (!json.results) return null;
  const heads = json.head?.vars ?? [];
  const rows = json.results.bindings.map((binding) => heads.map((head) => binding[head]));
  return { kind: "rows", heads: heads.map((head) => `?${head}`), rows };
}

function rowsOf(quads: readonly Quad[]): Rows {
  const rows = quads.map((quad): Row => [quad.subject, quad.predicate, quad.object].map(termOf));
  return { heads: ["subject", "predicate", "object"], rows };
}

export function termOf(term: Quad["object"]): Term {
  if (term.termType === "NamedNode") return { type: "uri", value: term.value };
  if (term.termType === "BlankNode") return { type: "bnode", value: term.value };
  const language = term.language || undefined;
  return { type: "literal", value: term.value, datatype: language ? undefined : term.datatype?.value, "xml:lang": language };
}
