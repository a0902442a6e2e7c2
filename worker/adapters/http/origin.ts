/**
 * Whether a browser page of this origin may call us: our own, or one that is listed, compared as a whole.
 * An absent origin is allowed: no ambient credentials exist that another program could misuse.
 */
export function mayCall(origin: string | null, request: { readonly url: string }, allowed: readonly string[]): boolean {
  return origin === null || origin === new URL(request.url).origin || allowed.includes(origin);
}

/** `ALLOWED_ORIGINS` as a list. What is not an origin (`null`, `*`, a path) is never a match. */
export function parseOrigins(text: string): string[] {
  return text.split(/[\s,]+/u).filter((entry) => URL.canParse(entry) && new URL(entry).origin === entry);
}
