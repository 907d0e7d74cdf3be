// Asks Comunica one thing after the other, and prints what it found as JSON: see
// test_client_comunica.py.
import { QueryEngine } from '@comunica/query-sparql';

const { asked, source, token } = JSON.parse(process.argv[2]);
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
  SELECT: async (text) =>
    (await (await engine.queryBindings(text, context)).toArray()).map((row) =>
      Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value]))),
  CONSTRUCT: async (text) =>
    (await (await engine.queryQuads(text, context)).toArray()).map((quad) =>
      [quad.subject.value, quad.predicate.value, quad.object.value]),
  ASK: async (text) => engine.queryBoolean(text, context),
  UPDATE: async (text) => (await engine.queryVoid(text, context)) ?? null,
};
const found = [];
for (const [form, text] of asked) {
  found.push(await ask[form](text));
}
console.log(JSON.stringify(found));
