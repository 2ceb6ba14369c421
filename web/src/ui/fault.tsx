/* What went wrong, said where the person looks, with what to do. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError, Offline } from "../app/api";
import { t } from "../app/messages";
import { Note } from "./parts";

export function wordsOfFault(e: unknown): string {
  if (e instanceof Offline) return t("offline");
  if (e instanceof ApiError && e.status === 403 && e.code === "password") return t("password.wrong");
  if (e instanceof ApiError && e.status === 429) return t("login.slow");
  if (e instanceof ApiError) return e.pointer === null || e.pointer === "" ? e.message : `${e.pointer}: ${e.message}`;
  return e instanceof Error ? e.message : String(e);
}

export interface FaultState {
  node: JSX.Element | null;
  clear: () => void;
  watch: <T>(p: Promise<T>) => Promise<T | undefined>;
}

export function useFault(): FaultState {
  const [fault, setFault] = useState<string | null>(null);
  return {
    node:
      fault === null ? null : (
        <div role="alert">
          <Note kind="bad">{fault}</Note>
        </div>
      ),
    clear: () => setFault(null),
    watch: async (p) => {
      try {
        setFault(null);
        return await p;
      } catch (e) {
        setFault(wordsOfFault(e));
        return undefined;
      }
    },
  };
}
