import { useEffect, useId, useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useSessionStore } from "./session-context.tsx";

const PEOPLE: ReadonlyMap<string, { readonly name: string; readonly about: string }> = new Map([
  ["owner", { name: "Mara Lindqvist", about: "Owner of Halcyon Agency" }],
  ["admin", { name: "Tobias Okafor", about: "Admin of Halcyon Agency" }],
  ["operator", { name: "Priya Raman", about: "Operator, runs campaigns" }],
  ["operator2", { name: "Jonas Weber", about: "Operator, runs campaigns" }],
  ["viewer", { name: "Aiko Bennett", about: "Viewer, sees and changes nothing" }],
  ["outsider", { name: "Elena Marsh", about: "Owner of another workspace" }],
]);

/** Where one says who one is: a demo person in development, a token anywhere. */
export function SignInPage(): ReactNode {
  const store = useSessionStore();
  const notice = store.notice();
  const [people, setPeople] = useState<readonly string[]>([]);
  useEffect(() => {
    let here = true;
    store.demoPeople().then(
      (found) => here && setPeople(found),
      () => undefined, // Nobody is offered: the form for a token remains.
    );
    return () => {
      here = false;
    };
  }, [store]);
  return (
    <main className="sign-in">
      <h1 className="brand">
        <img src="/icon.svg" alt="" width="22" height="22" /> Flightdeck
      </h1>
      <p className="muted">Campaigns that everybody sees change, live.</p>
      {notice !== null && <Notice tone="bad">{notice}</Notice>}
      {people.length > 0 && <DemoPeople people={people} />}
      <TokenForm />
    </main>
  );
}

function DemoPeople({ people }: { people: readonly string[] }): ReactNode {
  const store = useSessionStore();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const signIn = async (person: string): Promise<void> => {
    setBusy(person);
    setProblem(await store.signInDemo(person));
    setBusy(null);
  };
  return (
    <section aria-labelledby="demo-heading" className="panel">
      <h2 id="demo-heading">Sign in as a demo person</h2>
      <ul className="people">
        {people.map((person) => (
          <li key={person}>
            <button
              type="button"
              className="person"
              data-testid={`sign-in-${person}`}
              disabled={busy !== null}
              onClick={() => void signIn(person)}
            >
              <strong>{PEOPLE.get(person)?.name ?? person}</strong>
              <span className="muted">{busy === person ? "Signing in…" : PEOPLE.get(person)?.about}</span>
            </button>
          </li>
        ))}
      </ul>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
    </section>
  );
}

function TokenForm(): ReactNode {
  const store = useSessionStore();
  const heading = useId();
  const [token, setToken] = useState("");
  const [workspace, setWorkspace] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    store.signIn({ token: token.trim(), workspace_id: workspace.trim() });
  };
  return (
    <form aria-labelledby={heading} className="panel stack" onSubmit={submit}>
      <h2 id={heading}>Sign in with a token</h2>
      <TextField label="Workspace id" value={workspace} onChange={setWorkspace} placeholder="ws_…" required />
      <TextField label="Token or API key" value={token} onChange={setToken} type="password" required />
      <button type="submit" className="primary" data-testid="sign-in-token">
        Sign in
      </button>
      <p className="muted small">The token stays in this tab and is forgotten when it closes.</p>
    </form>
  );
}
