/** Rows as a table: sorted by a click on a head, filtered by a word, some rows at a time. */

import { button, element } from "./elements";
import { read } from "./answers";
import type { Surroundings } from "./surroundings";
import { shownTerm, textOf, type Row, type Rows } from "./terms";
import type { View, Viewer } from "./yasgui";

const AT_ONCE = 100;

/** Return the view of rows, triples and truth values. */
export function tableView(around: Surroundings): new (viewer: Viewer) => View {
  return class implements View {
    readonly priority = 10;
    readonly label = "Table";

    constructor(private readonly viewer: Viewer) {}

    canHandleResults(): boolean {
      return read(this.viewer.results) !== null;
    }

    draw(): void {
      const answer = read(this.viewer.results);
      if (!answer) return;
      if (answer.kind === "truth") {
        this.viewer.resultsEl.append(element("p", { class: "truth" }, String(answer.truth)));
        return;
      }
      const prefixes = { ...around.prefixes, ...this.viewer.getPrefixes() };
      new Table(this.viewer.resultsEl, answer, around, prefixes).show();
    }

    getIcon(): undefined {
      return undefined;
    }
  };
}

class Table {
  private readonly body = element("tbody");
  private readonly said = element("p", { class: "shown", role: "status" });
  private readonly heads: readonly HTMLTableCellElement[];
  private readonly earlier = button("Earlier", () => this.turn(-1), { class: "quiet" });
  private readonly later = button("Later", () => this.turn(1), { class: "quiet" });
  private chosen: readonly Row[];
  private page = 0;
  private sorted: { column: number; isUp: boolean } | undefined;

  constructor(
    private readonly parent: HTMLElement,
    private readonly given: Rows,
    private readonly around: Surroundings,
    private readonly prefixes: Readonly<Record<string, string>>,
  ) {
    this.chosen = given.rows;
    this.heads = given.heads.map((name, column) =>
      element("th", { scope: "col" }, button(name, () => this.sort(column))),
    );
  }

  show(): void {
    const head = element("thead", {}, element("tr", {}, ...this.heads));
    const table = element("table", { class: "results" }, head, this.body);
    const region = { class: "scroll", role: "region", tabindex: 0, "aria-label": "Results" };
    this.parent.append(this.tools(), element("div", region, table));
    this.fill();
  }

  private tools(): HTMLElement {
    const word = element("input", { type: "search", autocomplete: "off" });
    word.addEventListener("input", () => this.choose(word.value));
    const label = element("label", {}, "Filter rows ", word);
    return element("div", { class: "result-tools" }, label, this.said, this.earlier, this.later);
  }

  private choose(word: string): void {
    const wanted = word.trim().toLocaleLowerCase();
    this.chosen = this.given.rows.filter((row) =>
      row.some((term) => textOf(term).toLocaleLowerCase().includes(wanted)),
    );
    if (this.sorted) this.order(this.sorted.column, this.sorted.isUp);
    this.page = 0;
    this.fill();
  }

  private sort(column: number): void {
    const isUp = this.sorted?.column === column ? !this.sorted.isUp : true;
    this.sorted = { column, isUp };
    this.heads.forEach((head, at) => {
      if (at === column) head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    this.order(column, isUp);
    this.page = 0;
    this.fill();
  }

  private order(column: number, isUp: boolean): void {
    const sign = isUp ? 1 : -1;
    this.chosen = [...this.chosen].sort(
      (one, other) => sign * compared(textOf(one[column]), textOf(other[column])),
    );
  }

  private turn(by: number): void {
    this.page += by;
    this.fill();
  }

  private fill(): void {
    const start = this.page * AT_ONCE;
    const shown = this.chosen.slice(start, start + AT_ONCE);
    const end = start + shown.length;
    this.body.replaceChildren(...shown.map((row) => this.row(row)));
    const total = this.chosen.length.toLocaleString("en");
    const all = this.chosen.length === this.given.rows.length ? "" : ` of ${this.given.rows.length.toLocaleString("en")}`;
    const noun = this.given.rows.length === 1 ? "row" : "rows";
    this.said.textContent =
      this.chosen.length > AT_ONCE
        ? `${(start + 1).toLocaleString("en")}–${end.toLocaleString("en")} of ${total} ${noun}`
        : `${total}${all} ${noun}`;
    this.earlier.hidden = this.later.hidden = this.chosen.length <= AT_ONCE;
    this.earlier.disabled = start === 0;
    this.later.disabled = end >= this.chosen.length;
  }

  private row(row: Row): HTMLElement {
    const cells = row.map((term) => {
      const shown = term && shownTerm(term, this.around, this.prefixes);
      const isNumber = term?.datatype !== undefined && !Number.isNaN(Number(textOf(term)));
      return element("td", isNumber ? { class: "number" } : {}, shown);
    });
    return element("tr", {}, ...cells);
  }
}

/** Numbers by their value, and before texts; empty cells last. */
function compared(one: string, other: string): number {
  if (!one || !other) return Number(!one) - Number(!other);
  const numbers = [Number(one), Number(other)] as const;
  const areNumbers = numbers.map((each) => !Number.isNaN(each));
  if (areNumbers[0] && areNumbers[1]) return numbers[0] - numbers[1];
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1;
  return one.localeCompare(other, "en");
}
