import { useId } from "react";
import type { ReactNode } from "react";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "password" | "search";
  readonly placeholder?: string;
  readonly required?: boolean;
  /** Shown after the field, e.g. a currency. */
  readonly unit?: string;
  readonly hint?: string;
  readonly inputMode?: "decimal" | "text";
  readonly testId?: string;
}

/** A labelled line of text. */
export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, onChange, type = "text", placeholder, required = false, unit, hint, inputMode, testId } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="input">
        <input
          id={id}
          type={type}
          value={value}
          placeholder={placeholder}
          required={required}
          inputMode={inputMode}
          autoComplete="off"
          spellCheck={false}
          data-testid={testId}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onChange(event.target.value)}
        />
        {unit !== undefined && <span className="unit">{unit}</span>}
      </span>
      {hint !== undefined && (
        <span id={`${id}-hint`} className="muted small">
          {hint}
        </span>
      )}
    </div>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly testId?: string;
}

/** A labelled choice of one. */
export function SelectField({ label, value, options, onChange, testId }: SelectFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
