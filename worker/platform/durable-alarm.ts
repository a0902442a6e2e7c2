import type { Alarm } from "../engine/ports.ts";
import type { RowCount } from "./sqlite-storage.ts";

/** The alarm of a Durable Object. Setting it is billed as a row written, so it is counted as one. */
export function durableAlarm(storage: DurableObjectStorage, rows: RowCount): Alarm {
  return {
    set(at) {
      rows.written++;
      void storage.setAlarm(at);
    },
  };
}
