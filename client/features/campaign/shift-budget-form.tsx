import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type { Operation } from "../../../core/domain/media-buys/apply-operations.ts";
import type { MediaBuy, Package } from "../../../core/domain/media-buys/entities.ts";
import { shiftedAmount } from "../../../core/domain/media-buys/shift-budget.ts";
import { SelectField, TextField } from "../../ui/fields.tsx";
import { exactMoney } from "../../ui/format.ts";

interface ShiftBudgetFormProps {
  readonly buy: MediaBuy;
  readonly packages: readonly Package[];
  readonly onChange: (operation: Operation) => void;
}

/** Moves a part of one package's budget to another; the total stays. */
export function ShiftBudgetForm({ buy, packages, onChange }: ShiftBudgetFormProps): ReactNode {
  const [from, setFrom] = useState(packages[0]?.id ?? "");
  const [to, setTo] = useState(packages[1]?.id ?? "");
  const [text, setText] = useState("10");
  const percent = Number(text);
  const valid = text.trim() !== "" && percent > 0 && percent <= 100 && from !== to;
  const source = packages.find((pkg) => pkg.id === from);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (valid) onChange({ operation: "shift_budget", from_package_id: from, to_package_id: to, percent });
  };
  const options = packages.map((pkg) => [pkg.id, pkg.name] as const);
  return (
    <form className="row" onSubmit={submit} aria-label={`Shift budget of ${buy.brand.name}`}>
      <SelectField
        label="Shift budget from"
        value={from}
        options={options}
        onChange={setFrom}
        testId={`buy-${buy.id}-shift-from`}
      />
      <SelectField label="To" value={to} options={options} onChange={setTo} testId={`buy-${buy.id}-shift-to`} />
      <TextField
        label="Share of its budget"
        value={text}
        onChange={setText}
        unit="%"
        inputMode="decimal"
        required
        testId={`buy-${buy.id}-shift-percent`}
        hint={
          valid && source
            ? `Moves ${exactMoney(shiftedAmount(source.budget_micros, percent), buy.currency)}`
            : "More than 0, at most 100, to another package"
        }
      />
      <button type="submit" disabled={!valid} data-testid={`buy-${buy.id}-shift-save`}>
        Shift
      </button>
    </form>
  );
}
