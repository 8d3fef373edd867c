/** A file on a machine that is open for writing. */
export interface OpenFile {
  /** Writes all of it at that place, in bytes. Several writes may be under way at once. */
  write(data: Buffer, position: number): Promise<void>;
  close(): Promise<void>;
}

/** Files of a machine. Errors: `FileRefused`; else as for `Machine.run`, and then nothing is known of the file. */
export interface MachineFiles {
  /** @param path absolute. @param options.fresh begins an empty file, else what is there stays */
  open(path: string, options: { fresh: boolean; executable: boolean }): Promise<OpenFile>;
}

/** The machine was there and refused: no room, no right, no such folder. Its own words are few. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}
