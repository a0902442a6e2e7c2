import type { DecimalMark } from "../../../core/domain/delivery-imports/mapping.ts";

/** Collects from the cells of a sample whether they write 1,234.56 or 1.234,56. */
export class DecimalMarkEvidence {
  #point = 0;
  #comma = 0;
  #undecided = 0;

  /** Looks at one cell; `whole` says that its column counts things, so that a lone separator can only group thousands. */
  observe(cell: string, whole: boolean): void {
    const text = cell.replaceAll(/[^\d.,]/g, "");
    const points = text.split(".").length - 1;
    const commas = text.split(",").length - 1;
    if (points === 0 && commas === 0) return;
    const mark = points > 0 && commas > 0 ? lastMark(text) : loneMark(text, Math.max(points, commas), whole);
    if (mark === "point") this.#point++;
    else if (mark === "comma") this.#comma++;
    else this.#undecided++;
  }

  /** What most cells say. `assumed`: nothing decided it although some cells can be read either way. */
  decide(delimiter: string): { mark: DecimalMark; assumed: boolean } {
    if (this.#point !== this.#comma) return { mark: this.#point > this.#comma ? "point" : "comma", assumed: false };
    // A spreadsheet separates columns by semicolons where the comma is taken by decimals.
    return { mark: delimiter === ";" ? "comma" : "point", assumed: this.#undecided > 0 };
  }
}

function lastMark(text: string): DecimalMark {
  return text.lastIndexOf(".") > text.lastIndexOf(",") ? "point" : "comma";
}

/** What a cell with one kind of separator says: several group thousands; so does one before three digits of a count. */
function loneMark(text: string, count: number, whole: boolean): DecimalMark | null {
  const isPoint = text.includes(".");
  const separator = isPoint ? "." : ",";
  const asDecimal: DecimalMark = isPoint ? "point" : "comma";
  const asGroup: DecimalMark = isPoint ? "comma" : "point";
  if (count > 1) return asGroup;
  const [before = "", after = ""] = text.split(separator);
  if (after.length !== 3 || before.length > 3 || before === "" || before.startsWith("0")) return asDecimal;
  return whole ? asGroup : null;
}
