/** What went wrong: said below the editor, and marked in it at its line and column. */

import { button, element } from "./elements";
import type { Editor, Mark, Place, View, Viewer } from "./yasgui";

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly line?: number;
  readonly column?: number;
  readonly excerpt?: string;
  readonly hint?: string;
}

type FindEditor = (viewer: Viewer) => Editor | undefined;

/** Return the view that shows errors of YASR. */
export function faultView(findEditor: FindEditor): new (viewer: Viewer) => View {
  return class implements View {
    readonly priority = 20;
    readonly hideFromSelection = true;

    constructor(private readonly viewer: Viewer) {}

    canHandleResults(): boolean {
      return this.viewer.results?.hasError() ?? false;
    }

    draw(): void {
      const problem = problemIn(this.viewer.results?.getError()?.text ?? "");
      const editor = findEditor(this.viewer);
      const place = editor && markFault(editor, problem);
      this.viewer.resultsEl.append(shownProblem(problem, place && (() => goTo(editor, place))));
    }

    getIcon(): undefined {
      return undefined;
    }
  };
}

function problemIn(text: string): Problem {
  if (/abort/i.test(text) && !text.startsWith("{")) return { title: "Stopped" };
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { title: "There was no answer", detail: text };
  }
}

function shownProblem(problem: Problem, go: (() => void) | undefined): HTMLElement {
  const place = `line ${problem.line}, column ${problem.column}`;
  return element(
    "section",
    { class: "fault", "aria-label": "What went wrong" },
    element("h2", {}, problem.title ?? "It failed"),
    problem.detail ? element("p", {}, problem.detail) : null,
    problem.excerpt ? element("pre", { tabindex: 0 }, problem.excerpt) : null,
    problem.hint ? element("p", { class: "hint" }, element("strong", {}, "Hint: "), problem.hint) : null,
    go ? button(`Go to ${place}`, go, { class: "quiet" }) : null,
  );
}

const marks = new WeakMap<Editor, () => void>();

/** Mark the place of a problem in the editor, until the text changes, and put the cursor there. */
function markFault(editor: Editor, problem: Problem): Place | undefined {
  clearFault(editor);
  const text = editor.getDoc();
  const line = (problem.line ?? 0) - 1;
  if (line < 0 || line >= text.lineCount()) return undefined;
  const written = text.getLine(line);
  const place = { line, ch: unitsBefore(written, (problem.column ?? 1) - 1) };
  const end = { line, ch: Math.max(place.ch + 1, endOfWord(written, place.ch)) };
  const from = place.ch < written.length ? place : { line, ch: Math.max(0, place.ch - 1) };
  const title = problem.hint ?? problem.detail;
  const mark = text.markText(from, end, { className: "fault-mark", ...(title ? { title } : {}) });
  editor.addLineClass(line, "background", "fault-line");
  const clear = (): void => unmark(editor, mark, line, clear);
  editor.on("change", clear);
  marks.set(editor, clear);
  goTo(editor, place);
  return place;
}

/** Take away what an earlier problem marked. */
export function clearFault(editor: Editor): void {
  marks.get(editor)?.();
}

function unmark(editor: Editor, mark: Mark, line: number, clear: () => void): void {
  mark.clear();
  editor.removeLineClass(line, "background", "fault-line");
  editor.off("change", clear);
  marks.delete(editor);
}

function goTo(editor: Editor, place: Place): void {
  editor.getDoc().setCursor(place);
  editor.scrollIntoView(place, 60);
  editor.focus();
}

/** The server counts characters, the editor UTF-16 units. */
function unitsBefore(line: string, characters: number): number {
  return [...line].slice(0, characters).join("").length;
}

function endOfWord(line: string, start: number): number {
  const word = /^[\p{L}\p{N}_:?$-]+/u.exec(line.slice(start));
  return start + (word?.[0].length ?? 1);
}
