import "./photo.css";
import type { Caption } from "@attend/serve/schemas";
import { useCallback, useState } from "react";
import { Button } from "react-aria-components";
import examplePhoto from "../../../../../examples/photos/photographer.jpg";
import { askJson, formOf } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { Busy } from "../../kit/busy.tsx";
import { Notice } from "../../kit/notice.tsx";
import { TabPage } from "../../kit/tab-page.tsx";
import { Upload } from "../../kit/upload.tsx";
import { useTask } from "../../kit/use-task.ts";
import { Camera } from "./camera.tsx";
import { CaptionCard } from "./caption-card.tsx";
import { LitPhoto, type Region } from "./lit-photo.tsx";
import { Questions } from "./questions.tsx";

const photoTypes = ["image/*"];

/** A photo, its caption, where each word looked, and questions about it. */
export default function PhotoTab() {
  const text = useText();
  const [photo, setPhoto] = useState<File>();
  const [region, setRegion] = useState<Region>();
  const [isCameraOpen, setCameraOpen] = useState(false);
  const { run, clear, cancel, isRunning, result, error } = useTask<Caption>();

  const describe = (file: File) =>
    run((signal) =>
      askJson<Caption>("captions", {
        body: formOf({ image: file }),
        query: { attention: true, beamWidth: 5, alternatives: 4 },
        signal,
      }),
    );
  const take = (file: File | undefined) => {
    setPhoto(file);
    setRegion(undefined);
    setCameraOpen(false);
    clear();
    if (file) describe(file);
  };
  // What it calls only sets state.
  const onFile = useCallback(take, []);
  const takeExample = async () => {
    const response = await fetch(examplePhoto);
    take(new File([await response.blob()], "photographer.jpg", { type: "image/jpeg" }));
  };

  return (
    <TabPage title={text.photo.title} lead={text.photo.lead}>
      {isCameraOpen && <Camera onPhoto={take} onClose={() => setCameraOpen(false)} />}
      {!photo && !isCameraOpen && (
        <Upload
          isLarge
          accept={photoTypes}
          icon="photo"
          label={text.photo.drop}
          choose={text.photo.choose}
          onFile={onFile}
        >
          <Button className="button" onPress={() => setCameraOpen(true)}>
            {text.photo.camera}
          </Button>
          <Button className="button plain" onPress={() => void takeExample()}>
            {text.photo.example}
          </Button>
        </Upload>
      )}
      {photo && (
        <div className="columns photo-columns">
          <div className="stack photo-side">
            <LitPhoto photo={photo} region={region} />
            <Button className="button" onPress={() => take(undefined)}>
              {text.photo.another}
            </Button>
          </div>
          <div className="stack">
            {isRunning && <Busy label={text.photo.captioning} onCancel={cancel} />}
            <Notice error={error} onRetry={() => describe(photo)} />
            {result && <CaptionCard caption={result} onRegion={setRegion} />}
            {result && <Questions key={photo.lastModified} photo={photo} onRegion={setRegion} />}
          </div>
        </div>
      )}
    </TabPage>
  );
}
