import { spawn } from "node:child_process";

/** How long a group may take to end by itself before it is killed. */
const STOP_GRACE_MS = 5_000;

/** A command with everything it started. */
export interface ProcessGroup {
  readonly pid: number;
  /** Resolves with the exit code when the command itself has ended; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it wrote, up to the last million characters. */
  output(): string;
  /** Asks the whole group to end, and kills what is left after 5 s. */
  stop(): Promise<void>;
  /** SIGKILL for the whole group, as in a power cut. */
  kill(): Promise<void>;
}

export interface GroupOptions {
  cwd: string;
  /** Joins this process's environment; undefined removes a variable. */
  env?: NodeJS.Dict<string>;
  /** `terminal` shows the command's output as it comes; both keep it. */
  output: "terminal" | "keep";
}

const OUTPUT_CAP_CHARS = 1_000_000;

/**
 * Becomes the command, after leaving a watcher in its group: when the pipe at descriptor 3 closes, because whoever
 * started the group ended, if by SIGKILL, the watcher kills the group. So no server outlives the script or test it is for.
 */
const WATCHED = '(trap "" TERM INT HUP; cat <&3; kill -9 0) >/dev/null 2>&1 & exec 3<&-; exec "$0" "$@"';

/**
 * Starts a command as the leader of a process group of its own. Wrangler runs workerd as a child that survives
 * its parent's death and keeps the port, so only the group as a whole can be ended reliably.
 */
export function spawnGroup(command: string, args: readonly string[], options: GroupOptions): ProcessGroup {
  const colours = options.output === "terminal" && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn("sh", ["-c", WATCHED, command, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...colours, ...options.env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    if (options.output === "terminal") stream?.pipe(process.stdout, { end: false });
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_CAP_CHARS);
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  void ended.then(() => child.stdio[3]?.destroy());
  return {
    pid,
    ended,
    output: () => output,
    async stop() {
      signalGroup(pid, "SIGTERM");
      const killer = setTimeout(() => signalGroup(pid, "SIGKILL"), STOP_GRACE_MS);
      await ended;
      clearTimeout(killer);
      signalGroup(pid, "SIGKILL");
    },
    async kill() {
      signalGroup(pid, "SIGKILL");
      await ended;
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: nothing of the group is left, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
