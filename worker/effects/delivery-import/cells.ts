const BLANKS: ReadonlySet<string> = new Set(["", "-", "--", "—", "–", "n/a", "null", "(not set)"]);

/** Whether a cell says that there is no value. */
export function isBlank(cell: string): boolean {
  return BLANKS.has(cell.trim().toLowerCase());
}

/** A cell as an error quotes it. */
export function quoted(cell: string): string {
  const text = cell.trim();
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`.toWellFormed();
}
