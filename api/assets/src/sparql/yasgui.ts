/** The parts of YASGUI that the page uses, as they are: its own types lack those of CodeMirror. */

import Library from "@zazuko/yasgui";

export interface Place {
  readonly line: number;
  readonly ch: number;
}

export interface Token {
  readonly string: string;
  readonly type: string | null;
  readonly start: number;
  readonly end: number;
  readonly state: {
    readonly possibleCurrent: readonly string[];
    readonly lastProperty: string;
    readonly prefixes: Readonly<Record<string, string>>;
    readonly errorMsg?: string;
    readonly OK: boolean;
  };
}

export interface Mark {
  clear(): void;
}

export interface Text {
  getCursor(): Place;
  setCursor(place: Place): void;
  lineCount(): number;
  getLine(line: number): string;
  markText(from: Place, to: Place, options: { className: string; title?: string }): Mark;
}

export interface Editor {
  readonly rootEl: HTMLElement;
  getDoc(): Text;
  getValue(): string;
  setValue(text: string): void;
  getInputField(): HTMLElement;
  getWrapperElement(): HTMLElement;
  getTokenAt(place: Place, precise?: boolean): Token;
  getCompleteToken(): Token;
  getLineTokens(line: number): readonly Token[];
  getPreviousNonWsToken(line: number, token: Token): Token;
  getPrefixesFromQuery(): Readonly<Record<string, string>>;
  getQueryMode(): "update" | "query";
  addLineClass(line: number, where: "background", name: string): void;
  removeLineClass(line: number, where: "background", name: string): void;
  scrollIntoView(place: Place, margin: number): void;
  autocomplete(): void;
  focus(): void;
  refresh(): void;
  on(event: string, listener: (...given: never[]) => void): void;
  off(event: string, listener: (...given: never[]) => void): void;
  query(): Promise<unknown>;
}

export interface Node {
  readonly termType: string;
  readonly value: string;
  readonly language?: string;
  readonly datatype?: { readonly value: string };
}

export interface Quad {
  readonly subject: Node;
  readonly predicate: Node;
  readonly object: Node;
}

export interface Results {
  hasError(): boolean;
  getError(): { readonly status?: number; readonly text: string } | undefined;
  getContentType(): string | undefined;
  getOriginalResponseAsString(): string;
  getAsJson(): unknown;
  getStatements(): readonly Quad[] | null;
}

export interface Viewer {
  readonly results?: Results;
  readonly rootEl: HTMLElement;
  readonly resultsEl: HTMLElement;
  readonly headerEl: HTMLElement;
  getPrefixes(): Readonly<Record<string, string>>;
  on(event: "drawn", listener: () => void): void;
}

/** A way to show results: a class that YASR makes one of for each tab. */
export interface View {
  readonly priority: number;
  readonly label?: string;
  readonly hideFromSelection?: boolean;
  canHandleResults(): boolean;
  draw(): void;
  getIcon(): Element | undefined;
}

export interface Tab {
  getId(): string;
  getName(): string;
  setName(name: string): void;
  getQuery(): string;
  setQuery(query: string): void;
  getYasqe(): Editor | undefined;
  getYasr(): Viewer | undefined;
  getPersistedJson(): { readonly yasqe: { readonly value: string } };
  select(): void;
  show(): void;
  query(): Promise<unknown>;
}

export interface Tabs {
  readonly rootEl: HTMLElement;
  readonly _tabs: Readonly<Record<string, Tab>>;
  getTab(id?: string): Tab | undefined;
  addTab(isActive: boolean, given?: object): Tab;
  on(event: string, listener: (tabs: Tabs, given: Tab | string) => void): void;
}

export interface Completer {
  readonly name: string;
  readonly bulk: boolean;
  readonly autoShow?: boolean;
  readonly persistenceId?: string | null;
  isValidCompletionPosition?(editor: Editor): boolean;
  get(editor: Editor, token?: Token): Promise<string[]> | string[];
  preProcessToken?(editor: Editor, token: Token): Token;
  postProcessSuggestion?(editor: Editor, token: Token, suggested: string): string;
  postprocessHints?(editor: Editor, hints: Hint[]): Hint[];
}

export interface Hint {
  readonly text: string;
  displayText?: string;
}

interface Statics {
  new (parent: HTMLElement, given: object): Tabs;
  readonly Tab: { readonly prototype: { getShareableLink: (this: Tab) => string } };
  readonly Yasqe: {
    readonly Autocompleters: Record<string, Completer>;
    readonly defaults: { autocompleters: string[] };
    registerAutocompleter(completer: Completer, isOn?: boolean): void;
    forkAutocompleter(from: string, changed: Partial<Completer>, isOn?: boolean): void;
  };
  readonly Yasr: {
    readonly plugins: Record<string, unknown>;
    readonly defaults: {
      plugins: Record<string, unknown>;
      pluginOrder: string[];
      defaultPlugin: string;
      errorRenderers: unknown[];
    };
    registerPlugin(name: string, view: new (viewer: Viewer) => View): void;
  };
}

export const Yasgui = Library as unknown as Statics;
