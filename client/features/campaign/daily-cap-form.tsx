import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type { Operation } from "../../../core/domain/media-buys/apply-operations.ts";
import { totalBudget } from "../../../core/domain/media-buys/entities.ts";
import type { MediaBuy } from "../../../core/domain/media-buys/entities.ts";
import { TextField } from "../../ui/fields.tsx";
import { editableMoney, money, parseMoney } from "../../ui/format.ts";

interface DailyCapFormProps {
  readonly buy: MediaBuy;
  readonly onChange: (operation: Operation) => void;
}

/** Limits what a buy spends per day, or takes the limit away. */
export function DailyCapForm({ buy, onChange }: DailyCapFormProps): ReactNode {
  const [text, setText] = useState(() => editableMoney(buy.daily_cap_micros));
  const amount = parseMoney(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (amount !== null) onChange({ operation: "set_daily_cap", amount_micros: amount });
  };
  return (
    <form className="row" onSubmit={submit} aria-label={`Daily cap of ${buy.brand.name}`}>
      <TextField
        label="Daily cap"
        value={text}
        onChange={setText}
        unit={buy.currency}
        inputMode="decimal"
        required
        testId={`buy-${buy.id}-cap-input`}
        hint={
          text !== "" && amount === null
            ? "An amount such as 1,250.50"
            : `Per day in ${buy.cap_timezone}, at most ${money(totalBudget(buy), buy.currency)}`
        }
      />
      <button type="submit" disabled={amount === null} data-testid={`buy-${buy.id}-cap-save`}>
        Set the cap
      </button>
      {buy.daily_cap_micros !== null && (
        <button
          type="button"
          className="quiet"
          onClick={() => onChange({ operation: "set_daily_cap", amount_micros: null })}
        >
          Remove the cap
        </button>
      )}
    </form>
  );
}
