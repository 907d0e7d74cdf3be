// Asks one thing of Comunica, and prints what it found as JSON: see test_client_comunica.py.
import { QueryEngine } from '@comunica/query-sparql';

const { form, text, source, token } = JSON.parse(process.argv[2]);
const headersOf = (init) => {
  const headers = new Headers(init?.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  return headers;
};
const context = {
  sources: [source],
  destination: source,
  fetch: (address, init) => fetch(address, { ...init, headers: headersOf(init) }),
};
const engine = new QueryEngine();
const ask = {
  SELECT: async () =>
    (await (await engine.queryBindings(text, context)).toArray()).map((row) =>
      Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value]))),
  CONSTRUCT: async () =>
    (await (await engine.queryQuads(text, context)).toArray()).map((quad) =>
      [quad.subject.value, quad.predicate.value, quad.object.value]),
  ASK: async () => engine.queryBoolean(text, context),
  UPDATE: async () => (await engine.queryVoid(text, context)) ?? null,
};
console.log(JSON.stringify(await ask[form]()));
