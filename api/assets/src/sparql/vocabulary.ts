/** What completion offers: classes and properties of the graph, and things by their names. */

import { compact } from "./names";
import type { Surroundings } from "./surroundings";

export interface Named {
  readonly iri: string;
  readonly label: string;
}

type Kind = "class" | "property";

const MOST = 60;
const LISTED = 5000;
const OWL = "http://www.w3.org/2002/07/owl#";
const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
/** No prefix is relied on: the page serves endpoints that know none. */
const DECLARED: Readonly<Record<Kind, string>> = {
  class:
    "{ SELECT DISTINCT ?term { { [] a ?term } " +
    `UNION { ?term a <${OWL}Class> } UNION { ?term a <${RDFS}Class> } } }`,
  property:
    "{ SELECT DISTINCT ?term { { [] ?term [] } UNION { ?term a ?kind VALUES ?kind { " +
    `<${OWL}ObjectProperty> <${OWL}DatatypeProperty> <${OWL}AnnotationProperty> } } } }`,
};

/** Asks the server; what it said once is kept while the page is open. */
export class Vocabulary {
  private readonly lists = new Map<Kind, Promise<readonly Named[]>>();
  private readonly found = new Map<string, Promise<readonly Named[]>>();

  constructor(private readonly around: Surroundings) {}

  /** Ask for the classes and properties ahead. */
  prepare(): void {
    void this.all("class");
    void this.all("property");
  }

  /** Return the classes or properties that fit what was typed, the best first. */
  async terms(kind: Kind, typed: string): Promise<readonly Named[]> {
    return this.best(await this.all(kind), typed);
  }

  /** Return things whose names fit what was typed. */
  async things(typed: string): Promise<readonly Named[]> {
    const [prefix, local] = this.parts(typed);
    const namespace = prefix === undefined ? "" : this.around.prefixes[prefix];
    if (namespace === undefined) return [];
    const key = `${prefix}:${local}`;
    let asked = this.found.get(key);
    if (!asked) {
      asked = local.length > 1 ? this.searched(local) : this.listed(namespace);
      this.found.set(key, asked);
      asked.catch(() => this.found.delete(key));
    }
    const found = await asked.catch(() => []);
    return found.filter((each) => each.iri.startsWith(namespace)).slice(0, MOST);
  }

  private parts(typed: string): [string | undefined, string] {
    if (typed.startsWith("<")) return [undefined, typed.slice(1).split(/[/#]/).pop() ?? ""];
    const colon = typed.indexOf(":");
    return colon < 0 ? [undefined, typed] : [typed.slice(0, colon), typed.slice(colon + 1)];
  }

  private best(terms: readonly Named[], typed: string): readonly Named[] {
    const wanted = typed.toLowerCase();
    const ranked = terms.map((term) => ({ term, rank: this.rank(term, wanted) }));
    return ranked
      .filter((each) => each.rank < 9)
      .sort((one, other) => one.rank - other.rank)
      .slice(0, MOST)
      .map((each) => each.term);
  }

  private rank({ iri, label }: Named, wanted: string): number {
    const name = (compact(iri, this.around.prefixes) ?? iri).toLowerCase();
    if (wanted.startsWith("<")) return iri.toLowerCase().startsWith(wanted.slice(1)) ? 0 : 9;
    if (name.startsWith(wanted)) return 0;
    const [, local] = this.parts(wanted);
    const hasPrefix = wanted.includes(":");
    if (hasPrefix && !name.startsWith(wanted.slice(0, wanted.indexOf(":") + 1))) return 9;
    if (name.slice(name.indexOf(":") + 1).startsWith(local)) return 1;
    if (label.toLowerCase().startsWith(local)) return 2;
    return name.includes(local) || label.toLowerCase().includes(local) ? 3 : 9;
  }

  private all(kind: Kind): Promise<readonly Named[]> {
    const known = this.lists.get(kind);
    if (known) return known;
    const asked = this.asked(`${DECLARED[kind]} FILTER (isIRI(?term))`).catch(() => {
      this.lists.delete(kind);
      return [];
    });
    this.lists.set(kind, asked);
    return asked;
  }

  private listed(namespace: string): Promise<readonly Named[]> {
    if (!namespace) return Promise.resolve([]);
    const begins = `FILTER (STRSTARTS(STR(?term), ${JSON.stringify(namespace)}))`;
    return this.asked(`?term <${RDFS}label> ?any ${begins}`, 200);
  }

  private async asked(pattern: string, most = LISTED): Promise<readonly Named[]> {
    const query =
      `SELECT ?term (SAMPLE(?name) AS ?label) { ${pattern} ` +
      `OPTIONAL { ?term <${RDFS}label> ?name } } GROUP BY ?term ORDER BY ?term LIMIT ${most}`;
    const answer = await get(this.around.endpoint, { query }, "application/sparql-results+json");
    const { results } = answer as { results: { bindings: readonly Record<string, { value: string }>[] } };
    return results.bindings.map((row) => ({
      iri: row["term"]?.value ?? "",
      label: row["label"]?.value ?? "",
    }));
  }

  private async searched(text: string): Promise<readonly Named[]> {
    const given = { q: text.replace(/[-_/]/g, " "), prefix: "true", limit: "100" };
    const answer = await get(this.around.search, given, "application/json");
    return (answer as { items: readonly Named[] }).items;
  }
}

async function get(address: string, given: Record<string, string>, accept: string): Promise<unknown> {
  const asked = `${address}?${new URLSearchParams(given)}`;
  const answer = await fetch(asked, { headers: { Accept: accept } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}
