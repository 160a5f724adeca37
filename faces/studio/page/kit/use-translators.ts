import type { Models } from "@attend/serve/schemas";
import { useCallback, useEffect, useState } from "react";
import { askJson } from "../api/client.ts";
import { useText } from "../i18n/index.ts";

interface Translator {
  readonly name: string;
  readonly label: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface Translators {
  readonly translators: readonly Translator[];
  readonly error: unknown;
  /** Asks for them again. */
  readonly refresh: () => void;
}

/** The translators that the server has, shipped ones and those trained here. */
export function useTranslators(): Translators {
  const { translate } = useText();
  const [models, setModels] = useState<Models["models"]>([]);
  const [error, setError] = useState<unknown>();
  const refresh = useCallback(() => {
    setError(undefined);
    askJson<Models>("models").then((answer) => setModels(answer.models), setError);
  }, []);
  useEffect(refresh, [refresh]);
  const translators = models
    .filter(({ task }) => task === "translation")
    .map(({ name, from, to, isShipped }) => ({
      name,
      from,
      to,
      label: isShipped && from && to ? translate.direction(from, to) : name,
    }));
  return { translators, error, refresh };
}
