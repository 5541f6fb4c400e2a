/** What a reader may cost. A limit that is reached ends the reading of that page or file, never the program. */
export type Limits = {
  /** Of the file. */
  readonly fileBytes: number;
  readonly pages: number;
  /** Pieces of text on a page. */
  readonly itemsPerPage: number;
  readonly pageMs: number;
  /** Without OCR, which has a limit of its own. */
  readonly documentMs: number;
  /** Pixels of a page that is drawn. */
  readonly renderPixels: number;
  /** Pixels of a picture in a file, or that is one. */
  readonly picturePixels: number;
  readonly ocrPages: number;
  readonly ocrMs: number;
  readonly zipEntries: number;
  /** All entries together, unpacked. */
  readonly zipBytes: number;
  /** Unpacked by packed size. */
  readonly zipRatio: number;
  /** How much the program's memory may grow while a file is read, V8's heap and what lies outside of it together. */
  readonly memoryBytes: number;
  /** What OCR may take besides: its program is large. */
  readonly ocrMemoryBytes: number;
};

export const DEFAULT_LIMITS: Limits = {
  fileBytes: 100_000_000,
  pages: 2000,
  itemsPerPage: 50_000,
  pageMs: 10_000,
  documentMs: 120_000,
  renderPixels: 9_000_000,
  picturePixels: 100_000_000,
  ocrPages: 40,
  ocrMs: 300_000,
  zipEntries: 5000,
  zipBytes: 200_000_000,
  zipRatio: 200,
  memoryBytes: 400_000_000,
  ocrMemoryBytes: 500_000_000,
};
