/**
 * Remembers a pure function's results by text: a report repeats its days, countries and devices in every row.
 * Starts anew after `limit` different texts, so that a file of nothing but different ones does not fill the memory.
 */
export function memo<T>(compute: (text: string) => T, limit = 4_096): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (known.has(text)) return known.get(text) as T; // It was set below, as T.
    if (known.size >= limit) known.clear();
    const value = compute(text);
    known.set(text, value);
    return value;
  };
}
