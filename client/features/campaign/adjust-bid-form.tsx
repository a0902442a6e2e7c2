import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type { Operation } from "../../../core/domain/media-buys/apply-operations.ts";
import { DEVICES } from "../../../core/domain/media-buys/entities.ts";
import type { MediaBuy, Package } from "../../../core/domain/media-buys/entities.ts";
import { SelectField, TextField } from "../../ui/fields.tsx";
import { words } from "../../ui/words.ts";

interface AdjustBidFormProps {
  readonly buy: MediaBuy;
  readonly packages: readonly Package[];
  readonly onChange: (operation: Operation) => void;
}

const DEVICE_OPTIONS = [["all", "All devices"], ...DEVICES.map((device) => [device, words(device)] as const)] as const;

/** Raises or lowers what is bid in the packages that are bought in an auction. */
export function AdjustBidForm({ buy, packages, onChange }: AdjustBidFormProps): ReactNode {
  const [chosen, setChosen] = useState("all");
  const [text, setText] = useState("");
  const percent = Number(text);
  const valid = text.trim() !== "" && percent >= -90 && percent <= 900 && percent !== 0;
  const auctioned = packages.filter((pkg) => pkg.bid_micros !== null).map((pkg) => pkg.id);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const device = DEVICES.find((each) => each === chosen) ?? "all";
    if (valid) onChange({ operation: "adjust_bid", device, percent, package_ids: auctioned });
  };
  return (
    <form className="row" onSubmit={submit} aria-label={`Bids of ${buy.brand.name}`}>
      <SelectField
        label="Adjust bids on"
        value={chosen}
        options={DEVICE_OPTIONS}
        onChange={setChosen}
        testId={`buy-${buy.id}-bid-device`}
      />
      <TextField
        label="By"
        value={text}
        onChange={setText}
        unit="%"
        inputMode="decimal"
        placeholder="+10"
        required
        testId={`buy-${buy.id}-bid-percent`}
        hint="From −90 to +900"
      />
      <button type="submit" disabled={!valid} data-testid={`buy-${buy.id}-bid-save`}>
        Adjust
      </button>
    </form>
  );
}
