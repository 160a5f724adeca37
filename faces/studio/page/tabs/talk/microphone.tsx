import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useText } from "../../i18n/index.ts";
import { toWav } from "./sound.ts";

export interface MicrophoneProps {
  readonly onRecording: (recording: File) => void;
  readonly onError: (error: unknown) => void;
}

/** Starts and ends a recording. The microphone is off in between. */
export function Microphone({ onRecording, onError }: MicrophoneProps) {
  const text = useText();
  const [recorder, setRecorder] = useState<MediaRecorder>();
  const open = useRef<MediaRecorder>(undefined);
  useEffect(() => () => close(open.current), []);

  const start = async () => {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const made = new MediaRecorder(microphone);
    const pieces: Blob[] = [];
    made.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    made.addEventListener("stop", () => {
      setRecorder(undefined);
      toWav(new Blob(pieces, { type: made.mimeType })).then(onRecording, onError);
    });
    made.start();
    open.current = made;
    setRecorder(made);
  };
  return recorder ? (
    <Button className="button recording" onPress={() => close(recorder)}>
      {text.talk.stop}
    </Button>
  ) : (
    <Button className="button" onPress={() => void start().catch(onError)}>
      {text.talk.record}
    </Button>
  );
}

function close(recorder: MediaRecorder | undefined): void {
  if (recorder?.state === "recording") recorder.stop();
  for (const track of recorder?.stream.getTracks() ?? []) track.stop();
}
