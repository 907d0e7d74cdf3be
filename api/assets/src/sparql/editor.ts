/** YASGUI with our completions, our views of results, and nothing that asks another server. */

import { linkTo, queryIn, showInAddress } from "./address";
import { makeAccessible } from "./access";
import { completeWhileTyping, setUpCompletion } from "./completion";
import { button, element } from "./elements";
import { downloadView } from "./downloads";
import { clearFault, faultView } from "./fault";
import { graphView } from "./graph";
import { declarePrefixes, knowPrefixes } from "./prefixes";
import { rawView } from "./raw";
import type { Surroundings } from "./surroundings";
import { tableView } from "./table";
import { Vocabulary } from "./vocabulary";
import { Yasgui, type Editor, type Tab, type Tabs, type Viewer } from "./yasgui";

const LONGEST_NAME = 40;
const LONGEST_GET = 4000;
const OUR_KEYS = { Tab: false, "Shift-Tab": false };

/** The editor with its tabs. */
export class Queries {
  private readonly tabs: Tabs;
  private readonly vocabulary: Vocabulary;
  private readonly ready = new WeakSet<Editor>();
  /** What was filled into a tab and not changed since may be replaced. */
  private readonly filled = new Map<string, string>();

  constructor(parent: HTMLElement, around: Surroundings) {
    this.vocabulary = new Vocabulary(around);
    setUpCompletion(around, this.vocabulary);
    knowPrefixes(around.prefixes);
    this.setUpViews(around);
    Yasgui.Tab.prototype.getShareableLink = function (this: Tab): string {
      return linkTo(this.getQuery());
    };
    this.tabs = new Yasgui(parent, configuration(around));
    this.listen();
    this.addButtons(around);
    makeAccessible(this.tabs);
    this.prepare();
    this.openAddress();
  }

  /** Show a query in a tab, and ask it. */
  open(name: string, query: string): void {
    const current = this.tabs.getTab();
    if (current && this.isUntouched(current)) {
      current.setQuery(query);
      current.setName(clipped(name || "Query"));
      this.filled.set(current.getId(), query);
    } else {
      const given = { yasqe: { value: query }, ...(name ? { name: clipped(name) } : {}) };
      const added = this.tabs.addTab(true, given);
      this.filled.set(added.getId(), query);
    }
    this.prepare();
    const tab = this.tabs.getTab();
    // A link must change nothing.
    if (tab?.getYasqe()?.getQueryMode() === "query") void tab.query().catch(() => undefined);
  }

  /** A button within the list of tabs would be no tab. */
  private addButtons(around: Surroundings): void {
    const list = this.tabs.rootEl.querySelector(".tabsList");
    const row = element("div", { class: "tabs-row" });
    list?.replaceWith(row);
    row.append(
      ...(list ? [list] : []),
      button("New query", () => this.tabs.addTab(true), { class: "quiet" }),
      button("Declare prefixes", () => this.declare(around), { class: "quiet", title: "Other endpoints do not know our prefixes" }),
    );
  }

  private declare(around: Surroundings): void {
    const editor = this.tabs.getTab()?.getYasqe();
    if (editor) declarePrefixes(editor, around.prefixes);
  }

  private isUntouched(tab: Tab): boolean {
    const query = tab.getQuery().trim();
    return !query || query === (this.filled.get(tab.getId()) ?? this.example).trim();
  }

  private example = "";

  private setUpViews(around: Surroundings): void {
    this.example = around.example;
    const { Yasr } = Yasgui;
    for (const name of ["boolean", "response"]) {
      delete Yasr.plugins[name];
      delete Yasr.defaults.plugins[name];
    }
    Yasr.registerPlugin("table", tableView(around));
    Yasr.registerPlugin("graph", graphView(around));
    Yasr.registerPlugin("raw", rawView());
    Yasr.registerPlugin("download", downloadView(around, (viewer) => this.tabOf(viewer)?.getQuery()));
    Yasr.registerPlugin("error", faultView((viewer) => this.tabOf(viewer)?.getYasqe()));
    Yasr.defaults.pluginOrder = ["table", "graph", "raw", "download"];
    Yasr.defaults.defaultPlugin = "table";
    Yasr.defaults.errorRenderers = [];
  }

  private listen(): void {
    const all = this.tabs;
    all.on("tabSelect", (_, id) => {
      this.prepare();
      const tab = all.getTab(id as string);
      if (tab) showInAddress(tab.getPersistedJson().yasqe.value);
    });
    all.on("tabAdd", () => queueMicrotask(() => this.prepare()));
    all.on("query", (_, given) => {
      const tab = given as Tab;
      const editor = tab.getYasqe();
      if (editor) clearFault(editor);
      if (tab === all.getTab()) showInAddress(tab.getQuery());
    });
    window.addEventListener("hashchange", () => this.openAddress());
  }

  /** Prepare the editor of the tab that is shown: tabs are drawn when they are first shown. */
  private prepare(): void {
    const editor = this.tabs.getTab()?.getYasqe();
    if (!editor || this.ready.has(editor)) return;
    this.ready.add(editor);
    editor.getInputField().setAttribute("aria-label", "SPARQL query");
    completeWhileTyping(editor);
    editor.on("focus", () => this.vocabulary.prepare());
  }

  private openAddress(): void {
    const query = queryIn(location.hash);
    if (query === undefined) return;
    const known = Object.values(this.tabs._tabs).find((tab) => tab.getPersistedJson().yasqe.value === query);
    if (!known) {
      this.open("", query);
      return;
    }
    known.select();
    this.prepare();
    const hasAnswer = known.getYasr()?.results !== undefined;
    if (!hasAnswer && known.getYasqe()?.getQueryMode() === "query") void known.query().catch(() => undefined);
  }

  private tabOf(viewer: Viewer): Tab | undefined {
    return Object.values(this.tabs._tabs).find((tab) => tab.getYasr() === viewer) ?? this.tabs.getTab();
  }
}

function configuration(around: Surroundings): object {
  return {
    persistenceId: `sarcoma-kg ${around.endpoint}`,
    populateFromUrl: false,
    autofocus: false,
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [] },
    requestConfig: {
      endpoint: around.endpoint,
      method: (tabs: Tabs) => ((tabs.getTab()?.getQuery().length ?? 0) > LONGEST_GET ? "POST" : "GET"),
      acceptHeaderGraph: "text/turtle",
      acceptHeaderSelect: "application/sparql-results+json",
    },
    yasqe: { value: around.example, extraKeys: OUR_KEYS, screenReaderLabel: "SPARQL query" },
  };
}

function clipped(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).trimEnd()}…` : name;
}
