/** The prefixes that the server knows: no fault where a query does not declare them. */

import { Yasgui, type Editor } from "./yasgui";

type Prefixes = Readonly<Record<string, string>>;

interface Mode {
  startState(): object;
}

interface Modes {
  readonly modes: Record<string, (config: object, parser: object) => Mode>;
  defineMode(name: string, make: (config: object, parser: object) => Mode): void;
}

/** Let the editor take the prefixes of the server for declared. */
export function knowPrefixes(prefixes: Prefixes): void {
  const library = Yasgui.Yasqe as unknown as Modes;
  const make = library.modes["sparql11"];
  if (!make) return;
  library.defineMode("sparql11", (config, parser) => {
    const mode = make(config, parser);
    return { ...mode, startState: () => ({ ...mode.startState(), prefixes: { ...prefixes } }) };
  });
}

/** Declare the prefixes that a query uses and does not declare: other endpoints need that. */
export function declarePrefixes(editor: Editor, prefixes: Prefixes): void {
  const query = editor.getValue();
  const declared = new Set([...query.matchAll(/\bPREFIX\s+([\w.-]*):/gi)].map((each) => each[1]));
  const missing = [...usedIn(editor)].filter((each) => !declared.has(each) && each in prefixes);
  if (!missing.length) return;
  const lines = missing.sort().map((each) => `PREFIX ${each}: <${prefixes[each]}>\n`);
  editor.setValue(lines.join("") + query);
}

function usedIn(editor: Editor): Set<string> {
  const found = new Set<string>();
  for (let line = 0; line < editor.getDoc().lineCount(); line += 1) {
    for (const token of editor.getLineTokens(line)) {
      if (token.type === "string-2" && token.string.includes(":")) found.add(token.string.split(":")[0] ?? "");
    }
  }
  return found;
}
