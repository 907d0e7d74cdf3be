/** Completion in the editor: prefixes, classes, properties and things, all of them the server's. */

import { written } from "./names";
import type { Surroundings } from "./surroundings";
import type { Named, Vocabulary } from "./vocabulary";
import { Yasgui, type Completer, type Editor, type Hint, type Token } from "./yasgui";

const NO_VARIABLE = /^[^?$"'#]/;
const CLASS_OF = ["a", "rdf:type", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"];

/** Put our completers in the places of those that ask elsewhere. */
export function setUpCompletion(around: Surroundings, vocabulary: Vocabulary): void {
  const labels = new Map<string, string>();
  const offered = (found: readonly Named[]): string[] =>
    found.map(({ iri, label }) => {
      const name = written(iri, around.prefixes);
      if (label) labels.set(name, label);
      return name;
    });
  const ours = {
    bulk: false,
    autoShow: false,
    preProcessToken: (_: Editor, token: Token): Token => token,
    postProcessSuggestion: (_: Editor, __: Token, suggested: string): string => suggested,
    postprocessHints: (_: Editor, hints: Hint[]): Hint[] => hints.map((each) => labelled(each, labels)),
  };
  const terms = (kind: "class" | "property"): Completer["get"] => {
    return async (_, token) => offered(await vocabulary.terms(kind, token?.string.trim() ?? ""));
  };
  const { Yasqe } = Yasgui;
  Yasqe.forkAutocompleter("prefixes", {
    name: "prefixes",
    persistenceId: null,
    get: () => Object.entries(around.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort(),
  });
  Yasqe.forkAutocompleter("class", { ...ours, name: "class", get: terms("class"), isValidCompletionPosition: isClass });
  Yasqe.forkAutocompleter("property", { ...ours, name: "property", get: terms("property"), isValidCompletionPosition: isProperty });
  Yasqe.registerAutocompleter({
    ...ours,
    name: "thing",
    get: async (_, token) => offered(await vocabulary.things(token?.string.trim() ?? "")),
    isValidCompletionPosition: isThing,
  });
}

/** Offer completions while somebody types, but not while the cursor merely moves. */
export function completeWhileTyping(editor: Editor): void {
  editor.on("inputRead", (_: never, change: { origin?: string; text: string[] }) => {
    if (change.origin !== "+input" || !/[\w:-]$/.test(change.text.join(""))) return;
    const typed = editor.getCompleteToken().string.trim();
    if (typed.includes(":") || typed.length > 2) editor.autocomplete();
  });
}

function labelled(hint: Hint, labels: ReadonlyMap<string, string>): Hint {
  const label = labels.get(hint.text);
  return label ? { ...hint, displayText: `${hint.text}  ${label}` } : hint;
}

function isClass(editor: Editor): boolean {
  const token = editor.getCompleteToken();
  if (!NO_VARIABLE.test(token.string.trim() || "x")) return false;
  const before = editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token);
  return CLASS_OF.includes(before.state.lastProperty) && !canBeProperty(token);
}

function isProperty(editor: Editor): boolean {
  const token = editor.getCompleteToken();
  return NO_VARIABLE.test(token.string.trim()) && canBeProperty(token);
}

function isThing(editor: Editor): boolean {
  const token = editor.getCompleteToken();
  if (!NO_VARIABLE.test(token.string.trim()) || canBeProperty(token)) return false;
  const can = token.state.possibleCurrent;
  return !isClass(editor) && (can.includes("PNAME_LN") || can.includes("IRI_REF") || token.string.includes(":"));
}

function canBeProperty(token: Token): boolean {
  return token.state.possibleCurrent.includes("a");
}
