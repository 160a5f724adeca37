import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useText } from "../i18n/index.ts";

/** That something goes on, for how long already, and a way to cancel it. */
export function Busy({ label, onCancel }: { label: string; onCancel: () => void }) {
  const text = useText();
  const seconds = useSeconds();
  return (
    <div className="busy">
      <span className="bar" aria-hidden="true" />
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
