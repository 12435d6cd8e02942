/** A file with its path inside of what was dropped or chosen. */
export type PathFile = { readonly file: File; readonly path: string };

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function walk(entry: FileSystemEntry, files: PathFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    files.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives at most 100 entries a time, and none when it is done.
  for (let some = await readEntries(reader); some.length > 0; some = await readEntries(reader)) {
    for (const child of some) await walk(child, files);
  }
}

/** All files of a drop, folders walked through, in the order in which they were met. */
export async function readDroppedFiles(transfer: DataTransfer): Promise<PathFile[]> {
  // The list is emptied when the event ends: take the entries before the first wait.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files: PathFile[] = [];
  for (const entry of entries) await walk(entry, files);
  return files;
}

/** The files of a file input; with `webkitdirectory` their paths inside of the chosen folder. */
export function readChosenFiles(list: FileList): PathFile[] {
  return [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}
