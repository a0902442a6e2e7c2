import { z } from "zod";

const Claims = z.looseObject({ exp: z.number().optional(), iat: z.number().optional() });

/** What a token says of itself. Nothing is proven here: the room decides what it is worth. */
export interface TokenClaims {
  /** ISO-8601; null if it does not end, or is an API key. */
  readonly issued_at: string | null;
  readonly expires_at: string | null;
}

/** Reads the claims of a JWT; of anything else nothing is known. */
export function tokenClaims(token: string): TokenClaims {
  const claims = Claims.safeParse(payloadOf(token));
  const { exp, iat } = claims.success ? claims.data : {};
  return { issued_at: iso(iat), expires_at: iso(exp) };
}

function payloadOf(token: string): unknown {
  const part = token.split(".")[1];
  if (part === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function iso(seconds: number | undefined): string | null {
  return seconds === undefined ? null : new Date(seconds * 1000).toISOString();
}
