import type { RoomPort } from "./adapters/http/ports.ts";
import type { Env } from "./env.ts";
import { roomStub } from "./objects/room-address.ts";
import type { RoomAddress } from "./objects/room-address.ts";
import type { RoomRpc } from "./objects/room-rpc.ts";

/** A room's object, to be called. Make one for each call: a stub that saw an exception stays broken. */
export function rpcStub(env: Env, address: RoomAddress, hint?: DurableObjectLocationHint): DurableObjectStub & RoomRpc {
  // A stub's methods are those of its class, which implements RoomRpc.
  return roomStub(address, env, hint) as DurableObjectStub & RoomRpc;
}

/** A room as the HTTP adapter asks it. */
export function roomPort(env: Env, address: RoomAddress, hint?: DurableObjectLocationHint): RoomPort {
  const stub = (): DurableObjectStub & RoomRpc => rpcStub(env, address, hint);
  return {
    command: (request) => twice(() => stub().command(request)),
    read: (request) => twice(() => stub().read(request)),
    standing: (request) => twice(() => stub().standing(request)),
    live: (request) => stub().fetch(request),
  };
}

/** Whether an error of an object is of the moment: it restarts, or it has too much to do. */
export function isObjectTrouble(error: unknown): boolean {
  return flagged(error, "retryable") || flagged(error, "overloaded");
}

/** Calls again, once, if the object went away under the first call. Everything rooms do over RPC can be repeated. */
async function twice<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!flagged(error, "retryable") || flagged(error, "overloaded")) throw error;
    return await call();
  }
}

/** What the platform says of an error of a Durable Object. */
function flagged(error: unknown, flag: "retryable" | "overloaded"): boolean {
  return typeof error === "object" && error !== null && Reflect.get(error, flag) === true;
}
