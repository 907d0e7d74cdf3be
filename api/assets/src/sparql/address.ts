/** The query in the address of the page, after the `#`: links to it can be shared. */

const LONGEST = 8000;

/** Return the query that an address has after its `#`, if any. */
export function queryIn(hash: string): string | undefined {
  const found = /^#(?:.*&)?query=([^&]*)/s.exec(hash);
  if (!found?.[1]) return undefined;
  // Forms write a space as a plus; where spaces are written as they should be, a plus is one.
  const text = /%20| /.test(found[1]) ? found[1] : found[1].replace(/\+/g, " ");
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Return the address of the page with a query in it. */
export function linkTo(query: string): string {
  return `${location.origin}${location.pathname}#query=${encodeURIComponent(query)}`;
}

/** Show the query in the address, unless it is too long for one. */
export function showInAddress(query: string): void {
  const shown = query.length <= LONGEST ? linkTo(query) : location.pathname;
  if (shown !== location.href) history.replaceState(history.state, "", shown);
}
