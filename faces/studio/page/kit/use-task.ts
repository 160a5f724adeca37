import { useEffect, useRef, useState } from "react";

/** What can be running, once at a time, and be cancelled; a new run cancels the one before. */
export interface Task<Result> {
  readonly isRunning: boolean;
  /** Of the last run that succeeded. */
  readonly result: Result | undefined;
  /** Of the last run, unless it was cancelled. */
  readonly error: unknown;
  run(work: (signal: AbortSignal) => Promise<Result>): void;
  cancel(): void;
  /** Forgets the result and the error. */
  clear(): void;
}

interface Progress<Result> {
  readonly running: AbortController | undefined;
  readonly result: Result | undefined;
  readonly error: unknown;
}

export function useTask<Result>(): Task<Result> {
  const nothing = { running: undefined, result: undefined, error: undefined };
  const [{ running, result, error }, setProgress] = useState<Progress<Result>>(nothing);
  const latest = useRef<AbortController>(undefined);
  useEffect(() => () => latest.current?.abort(), []);

  const cancel = () => {
    latest.current?.abort();
    setProgress((before) => ({ ...before, running: undefined }));
  };
  return {
    isRunning: running !== undefined,
    result,
    error,
    cancel,
    clear: () => {
      cancel();
      setProgress(nothing);
    },
    run: (work) => {
      latest.current?.abort();
      const controller = new AbortController();
      latest.current = controller;
      setProgress((before) => ({ ...before, running: controller, error: undefined }));
      const settle = (done: Partial<Progress<Result>>) => {
        if (controller.signal.aborted) return;
        setProgress((before) => ({ ...before, ...done, running: undefined }));
      };
      work(controller.signal).then(
        (value) => settle({ result: value }),
        (reason: unknown) => settle({ error: reason }),
      );
    },
  };
}
