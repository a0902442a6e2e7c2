/** A Markdown table. Bars in cells are escaped, since even code spans end at them. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A fenced block of JSON. */
export function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

/** Names as code, separated by commas; a dash if there are none. */
export function codes(names: readonly string[]): string {
  return names.length === 0 ? "–" : names.map((name) => `\`${name}\``).join(", ");
}
