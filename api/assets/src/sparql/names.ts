/** Names of things: short where a prefix is known, and links only where they are harmless. */

import { element } from "./elements";
import type { Surroundings } from "./surroundings";

type Prefixes = Readonly<Record<string, string>>;

const PLAIN = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;
const PATH = /^\w[\w-]*(?:\/\w[\w.-]*)+$/;

/** Return the prefixed name of an IRI, if it has one that needs no escapes. */
export function compact(iri: string, prefixes: Prefixes): string | undefined {
  let best: string | undefined;
  let longest = 0;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (namespace.length <= longest || !iri.startsWith(namespace)) continue;
    if (!PLAIN.test(iri.slice(namespace.length))) continue;
    longest = namespace.length;
    best = `${prefix}:${iri.slice(namespace.length)}`;
  }
  return best;
}

/** Return an IRI as people read it: shortened, be the rest such as no query could have. */
export function shortened(iri: string, prefixes: Prefixes): string {
  const known = Object.entries(prefixes).filter(([, namespace]) => iri.length > namespace.length && iri.startsWith(namespace));
  const longest = known.sort(([, one], [, other]) => other.length - one.length)[0];
  return longest ? `${longest[0]}:${iri.slice(longest[1].length)}` : iri;
}

/** Return an IRI as a query may have it. */
export function written(iri: string, prefixes: Prefixes): string {
  return compact(iri, prefixes) ?? `<${iri}>`;
}

/** Return where an IRI leads: to this server, elsewhere by HTTP, or nowhere. */
export function addressOf(iri: string, around: Surroundings): string | undefined {
  if (around.root && iri.startsWith(around.root)) {
    const path = iri.slice(around.root.length);
    if (PATH.test(path)) return new URL(path, new URL(".", around.resource)).href;
    return `${around.resource}?iri=${encodeURIComponent(iri)}`;
  }
  return /^https?:\/\//i.test(iri) ? iri : undefined;
}

/** Return what shows an IRI: a link where it leads somewhere, else a text. */
export function shownIri(iri: string, around: Surroundings, prefixes: Prefixes): HTMLElement {
  const name = shortened(iri, prefixes);
  const href = addressOf(iri, around);
  if (href === undefined) return element("bdi", {}, name);
  return element("a", { href, rel: "nofollow noreferrer", title: iri }, element("bdi", {}, name));
}
