import type { Training, Trainings } from "@attend/serve/schemas";
import { useCallback, useEffect, useState } from "react";
import { askJson } from "../../api/client.ts";

/** Every training that the server knows, read again every few seconds while the tab is open. */
export function useTrainings(isOpen: boolean) {
  const [trainings, setTrainings] = useState<readonly Training[]>();
  const [error, setError] = useState<unknown>();
  const refresh = useCallback(() => {
    askJson<Trainings>("trainings").then(
      (answer) => {
        setTrainings(answer.trainings);
        setError(undefined);
      },
      (reason: unknown) => setError(reason),
    );
  }, []);
  useEffect(() => {
    if (!isOpen) return;
    refresh();
    const timer = setInterval(refresh, 4000);
    return () => clearInterval(timer);
  }, [isOpen, refresh]);
  return { trainings, error, refresh };
}
