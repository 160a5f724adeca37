import type { DropItem } from "react-aria-components";
import type { TarEntry } from "./tar.ts";

/** A file or a folder that was chosen. */
export interface Chosen {
  readonly name: string;
  readonly isFolder: boolean;
  /** With their paths in the folder; that of a file alone is its name. */
  readonly files: readonly TarEntry[];
}

/** From a dialog; undefined if nothing was chosen, or an empty folder. */
export function chosenIn(list: FileList | null): Chosen | undefined {
  const files = [...(list ?? [])];
  const [first] = files;
  if (first === undefined) return undefined;
  const [folder, ...others] = first.webkitRelativePath.split("/");
  if (folder === undefined || others.length === 0) return chosenFile(first);
  const entries = files.map((file) => {
    return { path: file.webkitRelativePath.slice(folder.length + 1), file };
  });
  return { name: folder, isFolder: true, files: entries };
}

/** From what was dropped. */
export async function chosenFrom(item: DropItem): Promise<Chosen | undefined> {
  if (item.kind === "file") return chosenFile(await item.getFile());
  if (item.kind !== "directory") return undefined;
  const files = await filesOf(item, "");
  return files.length === 0 ? undefined : { name: item.name, isFolder: true, files };
}

function chosenFile(file: File): Chosen {
  return { name: file.name, isFolder: false, files: [{ path: file.name, file }] };
}

type Folder = Extract<DropItem, { kind: "directory" }>;

async function filesOf(folder: Folder, before: string): Promise<TarEntry[]> {
  const files: TarEntry[] = [];
  for await (const entry of folder.getEntries()) {
    const path = `${before}${entry.name}`;
    if (entry.kind === "file") files.push({ path, file: await entry.getFile() });
    else files.push(...(await filesOf(entry, `${path}/`)));
  }
  return files;
}
