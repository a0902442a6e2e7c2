/** Fields to replace: those that are absent or undefined stay. */
export type Patch<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** `base` with the patch's fields; `base` itself stays as it is. */
export function patched<T extends object>(base: T, patch: Patch<NoInfer<T>>): T {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return { ...base, ...given };
}

/** The values that `base` has in the fields which `patch` names: the patch that undoes it. */
export function unpatch<T extends object>(base: T, patch: Patch<NoInfer<T>>): Partial<T> {
  const before: Partial<T> = {};
  // Object.keys widens to string; the keys of a patch are keys of T by its type.
  for (const key of Object.keys(patch) as (keyof T)[]) before[key] = base[key];
  return before;
}
