import { useMemo } from "react";
import type { Entity, EntityKind } from "../../core/model/entity.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import { useRoomValue } from "./use-room-value.ts";

/** One entity, undefined while there is none. */
export function useEntity<E extends Entity>(kind: EntityKind<E>, id: string): E | undefined {
  return useRoomValue((room) => room.get(kind, id));
}

/** All entities of a kind, or what `select` makes of them. Keep `select` the same function between renders. */
export function useEntities<E extends Entity>(kind: EntityKind<E>): readonly E[];
export function useEntities<E extends Entity, S>(kind: EntityKind<E>, select: (entities: readonly E[]) => S): S;
export function useEntities<E extends Entity, S>(
  kind: EntityKind<E>,
  select?: (entities: readonly E[]) => S,
): readonly E[] | S {
  const entities = useRoomValue((room) => room.list(kind));
  return useMemo(() => (select ? select(entities) : entities), [entities, select]);
}

/** Who changed the entity in the last 400 ms; null otherwise. */
export function useFlash(kind: EntityKind, id: string): { readonly by: string; readonly at: number } | null {
  return useRoomValue((room) => room.recentChange(kind, id));
}

/** Whether a change of the entity is still on its way to the room. */
export function usePending(kind: EntityKind, id: string): boolean {
  return useRoomValue((room) => room.isPending(kind, id));
}

/** The whole room, for functions that read several kinds. Renders again with every change in the room. */
export function useTx(): ReadTx {
  return useRoomValue((room) => room.tx);
}
