/** A test elsewhere that proves a fault test of the list: its file, and what its full title contains. */
export interface Proof {
  readonly file: string;
  readonly title: string;
}

/** A fault or abuse test of the list. */
export interface FaultTest {
  readonly id: number;
  readonly fault: string;
  /** Tests besides those of this folder, which name their number in their title. */
  readonly proofs: readonly Proof[];
}

const access = "tests/e2e/access.test.ts";
const badFrames = "tests/e2e/bad-frames.test.ts";
const badInput = "tests/e2e/bad-input.test.ts";
const probes = "tests/e2e/probes.test.ts";
const httpAccess = "worker/adapters/http/access.worker.test.ts";
const credentials = "worker/identity/credentials.test.ts";
const sessions = "worker/engine/sessions.test.ts";

/** Every test of the list, 1 to 26, and where else it is proved. */
export const CATALOGUE: readonly FaultTest[] = [
  { id: 1, fault: "SIGKILL of the process group in the midst of mutations", proofs: [] },
  {
    id: 2,
    fault: "answers lost; everything sent again",
    proofs: [{ file: "tests/e2e/same-command.test.ts", title: "[P4]" }],
  },
  {
    id: 3,
    fault: "the object hibernates in mid-stream",
    proofs: [{ file: "tests/e2e/hibernation.test.ts", title: "[P3]" }],
  },
  { id: 4, fault: "the object is evicted with its sockets, or aborted", proofs: [] },
  { id: 5, fault: "a throw at every statement of each command", proofs: [] },
  { id: 6, fault: "death between commit and broadcast", proofs: [] },
  { id: 7, fault: "D1 locked", proofs: [] },
  { id: 8, fault: "death between D1 and the cursor", proofs: [] },
  { id: 9, fault: "the alarm fails again and again", proofs: [] },
  {
    id: 10,
    fault: "a commit that D1 will never take",
    proofs: [
      { file: "worker/platform/d1-projector-failures.worker.test.ts", title: "a commit that D1 will never take" },
    ],
  },
  { id: 11, fault: "malformed frames", proofs: [] },
  {
    id: 12,
    fault: "frames and bodies that are too large",
    proofs: [{ file: badFrames, title: "what is too large" }],
  },
  {
    id: 13,
    fault: "deep and huge JSON, NaN, lone surrogates, duplicate keys",
    proofs: [{ file: badInput, title: "alike, refused" }],
  },
  {
    id: 14,
    fault: "`__proto__` and `constructor` in every field",
    proofs: [{ file: badInput, title: "nothing of it reached a prototype" }],
  },
  {
    id: 15,
    fault: "SQL, LIKE and JSON-path payloads in every string",
    proofs: [{ file: "worker/read/search.worker.test.ts", title: "" }],
  },
  {
    id: 16,
    fault: "HTML, script and URI payloads (server part: the Content-Security-Policy)",
    proofs: [{ file: httpAccess, title: "has the security headers" }],
  },
  {
    id: 17,
    fault: "cross-tenant probes",
    proofs: [
      { file: probes, title: "[P9]" },
      { file: "tests/e2e/insider-probes.test.ts", title: "[P9]" },
      { file: "worker/adapters/http/not-found.worker.test.ts", title: "" },
    ],
  },
  {
    id: 18,
    fault: "role × command",
    proofs: [
      { file: "core/rooms/permissions.test.ts", title: "" },
      { file: badInput, title: "a viewer" },
    ],
  },
  { id: 19, fault: "mass assignment", proofs: [] },
  {
    id: 20,
    fault: "foreign origins",
    proofs: [
      { file: httpAccess, title: "is refused everything" },
      { file: "worker/adapters/http/live-routes.worker.test.ts", title: "" },
    ],
  },
  {
    id: 21,
    fault: "JWT: none, swapped algorithms, wrong claims, tampered",
    proofs: [{ file: credentials, title: "" }],
  },
  {
    id: 22,
    fault: "expiry, sign-out and demotion in mid-connection",
    proofs: [
      { file: access, title: "[P8]" },
      { file: sessions, title: "[RE41]" },
    ],
  },
  { id: 23, fault: "tokens in logs", proofs: [] },
  { id: 24, fault: "stalled readers", proofs: [{ file: "worker/engine/fanout.test.ts", title: "[RE64]" }] },
  { id: 25, fault: "a herd that reconnects", proofs: [] },
  { id: 26, fault: "a flood from one person", proofs: [] },
];
