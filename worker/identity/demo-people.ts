/** A workspace of the demo. */
export interface DemoWorkspace {
  readonly id: string;
  readonly name: string;
}

/** Somebody of the demo. `user_id` is the subject of their tokens. */
export interface DemoPerson {
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: "viewer" | "operator" | "admin" | "owner";
  readonly workspace_id: string;
}

export const DEMO_WORKSPACE: DemoWorkspace = { id: "ws_01J9HA1CY0NAGENCY000000001", name: "Halcyon Agency" };
/** Exists so that there is somebody who must not see the first one. */
export const OTHER_DEMO_WORKSPACE: DemoWorkspace = { id: "ws_01J9BR1GHTWATER00000000001", name: "Brightwater Media" };

const person = (role: DemoPerson["role"], name: string, workspace: DemoWorkspace): DemoPerson => {
  const handle = name.toLowerCase().replace(" ", ".");
  const domain = workspace === DEMO_WORKSPACE ? "halcyon.example" : "brightwater.example";
  return { user_id: `demo-${handle}`, name, email: `${handle}@${domain}`, role, workspace_id: workspace.id };
};

/** Who can sign in without a password in development, by the name the sign-in page sends. */
export const DEMO_PEOPLE = {
  owner: person("owner", "Mara Lindqvist", DEMO_WORKSPACE),
  admin: person("admin", "Tobias Okafor", DEMO_WORKSPACE),
  operator: person("operator", "Priya Raman", DEMO_WORKSPACE),
  operator2: person("operator", "Jonas Weber", DEMO_WORKSPACE),
  viewer: person("viewer", "Aiko Bennett", DEMO_WORKSPACE),
  outsider: person("owner", "Elena Marsh", OTHER_DEMO_WORKSPACE),
} as const satisfies Record<string, DemoPerson>;

export type DemoPersonName = keyof typeof DEMO_PEOPLE;

/** The second workspace's viewer, who is seeded but has no sign-in button. */
export const OTHER_DEMO_VIEWER: DemoPerson = person("viewer", "Samuel Ortiz", OTHER_DEMO_WORKSPACE);
