import "./busy.css";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useText } from "../i18n/index.ts";

export interface BusyProps {
  readonly label: string;
  /** From 0 to 1, if it is known how far it is. */
  readonly done?: number | undefined;
  readonly onCancel: () => void;
}

/** That something goes on, how far it is or for how long already, and a way to cancel it. */
export function Busy({ label, done, onCancel }: BusyProps) {
  const text = useText();
  const seconds = useSeconds();
  return (
    <div className="busy">
      {done === undefined ? (
        <span className="bar" aria-hidden="true" />
      ) : (
        <progress className="progress" value={done} aria-label={label} />
      )}
      <span role="status" className="muted small">
        {label}
      </span>
      {seconds > 1 && (
        <span className="muted small number" aria-hidden="true">
          {text.seconds(seconds)}
        </span>
      )}
      <Button className="button plain" onPress={onCancel}>
        {text.cancel}
      </Button>
    </div>
  );
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}
