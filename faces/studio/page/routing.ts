import { useSyncExternalStore } from "react";

/** What follows `#/` in the address, and a function that sets it. */
export function useHash(): [string, (hash: string) => void] {
  return [useSyncExternalStore(subscribe, read), write];
}

function read(): string {
  return location.hash.replace(/^#\/?/, "");
}

function write(hash: string): void {
  location.hash = `/${hash}`;
}

function subscribe(onChange: () => void): () => void {
  addEventListener("hashchange", onChange);
  return () => removeEventListener("hashchange", onChange);
}
