import "./upload.css";
import { type ReactNode, useEffect } from "react";
import { Button, DropZone, type DropZoneProps, FileTrigger } from "react-aria-components";
import { Icon, type IconName } from "./icon.tsx";

type DropEvent = Parameters<NonNullable<DropZoneProps["onDrop"]>>[0];

export interface UploadProps {
  /** MIME types or endings, as in `<input accept>`. */
  readonly accept: readonly string[];
  readonly icon: IconName;
  readonly label: string;
  readonly choose: string;
  readonly isLarge?: boolean;
  /** More ways to get a file. */
  readonly children?: ReactNode;
  readonly onFile: (file: File) => void;
}

/** A place to drop, paste or choose a file. */
export function Upload({ accept, icon, label, choose, isLarge, children, onFile }: UploadProps) {
  usePastedFile(accept, onFile);
  return (
    <DropZone
      className={isLarge ? "drop large" : "drop"}
      aria-label={label}
      onDrop={(event) => void droppedFile(event).then((file) => file && onFile(file))}
    >
      <Icon name={icon} />
      <p className="muted">{label}</p>
      <div className="buttons">
        <FileTrigger
          acceptedFileTypes={accept}
          onSelect={(files) => {
            const file = files?.[0];
            if (file) onFile(file);
          }}
        >
          <Button className="button primary">{choose}</Button>
        </FileTrigger>
        {children}
      </div>
    </DropZone>
  );
}

/** Whatever is dropped is taken: the server says it best if it cannot read it. */
export async function droppedFile(event: DropEvent): Promise<File | undefined> {
  const item = event.items.find((each) => each.kind === "file");
  return item?.kind === "file" ? item.getFile() : undefined;
}

/** Calls back with a file of such a type that is pasted anywhere while its tab is open. */
function usePastedFile(accept: readonly string[], onFile: (file: File) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const file = files.find(({ type }) =>
        accept.some((each) => each.endsWith("/*") && type.startsWith(each.slice(0, -1))),
      );
      if (file) onFile(file);
    };
    addEventListener("paste", onPaste);
    return () => removeEventListener("paste", onPaste);
  }, [accept, onFile]);
}
