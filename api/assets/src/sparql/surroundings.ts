/** What the server tells its page: addresses, prefixes, formats. */

export interface Format {
  readonly extension: string;
  readonly title: string;
}

export interface Surroundings {
  /** The endpoint, as an absolute address. */
  readonly endpoint: string;
  /** The search by names. */
  readonly search: string;
  /** What answers for any IRI, and for those below `root` by their paths. */
  readonly resource: string;
  readonly root: string;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly example: string;
  readonly rows: readonly Format[];
  readonly triples: readonly Format[];
}

type Given = Pick<Surroundings, "root" | "prefixes" | "example" | "rows" | "triples">;

/** Read what stands in the page; raises where it does not. */
export function readSurroundings(): Surroundings {
  const given = JSON.parse(get("sparql-data").textContent ?? "") as Given;
  return {
    ...given,
    endpoint: addressOf("sparql-editor"),
    search: addressOf("sparql-search"),
    resource: addressOf("sparql-resource"),
  };
}

/** Return an element of the page by its id; raises where there is none. */
export function get(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

function addressOf(id: string): string {
  return new URL(get(id).dataset["address"] ?? "", location.href).href;
}
