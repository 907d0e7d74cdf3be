/** Folded parts: what an address points to is shown, however deep it is folded away. */

export function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let fold = target?.closest("details");
  if (!target || !fold) return;
  while (fold) {
    fold.open = true;
    fold = fold.parentElement?.closest("details");
  }
  target.scrollIntoView();
}
