import { z } from "zod";

/** The demo people; the outsider owns the second demo workspace. */
export type Person = "owner" | "admin" | "operator" | "operator2" | "viewer" | "outsider";

export interface SignedIn {
  readonly token: string;
  readonly workspaceId: string;
  readonly expiresAt: string;
}

const Answer = z.looseObject({ token: z.string(), workspace_id: z.string(), expires_at: z.string() });

/** Signs a demo person in over HTTP. */
export async function signIn(url: string, person: Person): Promise<SignedIn> {
  const response = await fetch(`${url}/v1/auth/demo`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person }),
  });
  if (!response.ok) throw new Error(`Sign-in as ${person} answered ${response.status}: ${await response.text()}`);
  const answer = Answer.parse(await response.json());
  return { token: answer.token, workspaceId: answer.workspace_id, expiresAt: answer.expires_at };
}
