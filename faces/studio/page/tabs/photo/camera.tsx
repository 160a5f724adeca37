import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useText } from "../../i18n/index.ts";
import { Notice } from "../../kit/notice.tsx";

export interface CameraProps {
  readonly onPhoto: (photo: File) => void;
  readonly onClose: () => void;
}

/** The camera's picture, and a shutter. The camera is off as soon as this is gone. */
export function Camera({ onPhoto, onClose }: CameraProps) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const [isReady, setReady] = useState(false);
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    let isOpen = true;
    const stream = navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    stream
      .then(async (camera) => {
        if (!isOpen || !video.current) return;
        video.current.srcObject = camera;
        await video.current.play();
        setReady(true);
      })
      .catch((reason: unknown) => isOpen && setError(reason));
    return () => {
      isOpen = false;
      stream.then(
        (camera) => {
          for (const track of camera.getTracks()) track.stop();
        },
        () => undefined,
      );
    };
  }, []);

  return (
    <div className="card stack camera">
      <Notice error={error} />
      <video ref={video} muted playsInline aria-label={text.photo.camera} />
      <div className="buttons">
        <Button
          className="button primary"
          isDisabled={!isReady}
          onPress={() => video.current && void shoot(video.current).then(onPhoto, setError)}
        >
          {text.photo.shoot}
        </Button>
        <Button className="button" onPress={onClose}>
          {text.cancel}
        </Button>
      </div>
    </div>
  );
}

async function shoot(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.92),
  );
  return new File(blob ? [blob] : [], "camera.jpg", { type: "image/jpeg" });
}
