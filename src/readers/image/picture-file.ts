import { createRequire } from 'node:module';
import type { Metadata, Sharp } from 'sharp';
import { type Problem, problem } from '../document.ts';
import { openPicture } from './sharp.ts';

/** A file that holds a picture, or several. */
export type PictureFile = {
  /** Pictures that follow each other as pages: those of a TIFF. */
  readonly pageCount: number;
  /** Of an animation, whose first is read. */
  readonly frameCount: number;
  /** Points that a pixel stands for. */
  readonly pointsPerPixel: number;
  readonly exif: Uint8Array | undefined;
  /** Whether its end is missing; what is left is read. */
  readonly isCutOff: boolean;
  /** Whether opening it tolerantly may help where it is broken. */
  readonly canBeRecovered: boolean;
  /** `page` is 1-based. Broken pictures throw here, or when their pixels are asked for. */
  open(page: number, isTolerant?: boolean): Promise<OpenPage>;
};
export type OpenPage = {
  /** Upright, its pixels not yet decoded. */
  readonly picture: Sharp;
  /** As it stands upright. */
  readonly width: number;
  readonly height: number;
};

/** Reads what the file says of itself, not its pixels. */
export async function openPictureFile(
  bytes: Uint8Array,
  maxPixels: number,
): Promise<PictureFile | { readonly problem: Problem }> {
  try {
    return await inspect(bytes, maxPixels);
  } catch (error) {
    return { problem: whyNotRead(error, maxPixels) };
  }
}

/** From what sharp says. */
export function whyNotRead(error: unknown, maxPixels: number): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit|dimensions|too large/i.test(message)) {
    const sentence = `This picture has more than ${maxPixels / 1e6} million pixels, which is more than Sotto opens. Save it smaller and try again.`;
    return problem('picture-too-large', sentence);
  }
  if (/timeout/.test(message)) {
    return problem('too-slow', 'This picture took too long to open. Save it smaller and try again.');
  }
  return problem(
    'damaged',
    'This picture is damaged and could not be opened. Get it again from where it came from.',
  );
}

async function inspect(bytes: Uint8Array, maxPixels: number): Promise<PictureFile> {
  const isCutOff = lacksEnd(bytes);
  // sharp refuses a picture for each warning: of a TIFF these are mostly about tags that nobody needs.
  const failOn = isCutOff || isTiff(bytes) ? 'none' : 'warning';
  const metadata = await openPicture(bytes, { maxPixels, failOn }).metadata();
  const count = metadata.pages ?? 1;
  const isPaged = metadata.format === 'tiff';
  const open = async (page: number, isTolerant = false): Promise<OpenPage> => {
    if (isHeic(metadata)) return decodeHeic(bytes, metadata, maxPixels);
    const level = isTolerant ? 'none' : failOn;
    const input = { maxPixels, failOn: level, page: isPaged ? page - 1 : 0 } as const;
    const { autoOrient } = await openPicture(bytes, input).metadata();
    return { picture: openPicture(bytes, input).autoOrient(), ...autoOrient };
  };
  return {
    pageCount: isPaged ? count : 1,
    frameCount: isPaged || metadata.format === 'heif' ? 1 : count,
    pointsPerPixel: 72 / resolution(metadata),
    exif: metadata.exif,
    isCutOff,
    canBeRecovered: metadata.format === 'jpeg',
    open,
  };
}

/** Dots per inch, or 72 where the file states none that can be. */
const resolution = ({ density = 72 }: Metadata): number => (density >= 30 && density <= 4800 ? density : 72);

/** sharp tells what a HEIC is, and then cannot decode it. */
const isHeic = ({ format, compression }: Metadata): boolean => format === 'heif' && compression !== 'av1';

type HeicDecoder = (file: {
  readonly buffer: Uint8Array;
}) => Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>;

/** Gives RGBA, turned as the file says. It has no types, and its 8 MB are loaded for the first HEIC only. */
const loadHeicDecoder = (): HeicDecoder => createRequire(import.meta.url)('heic-decode');

async function decodeHeic(
  bytes: Uint8Array,
  { width, height }: Metadata,
  maxPixels: number,
): Promise<OpenPage> {
  if (width * height > maxPixels) throw new Error('pixel limit');
  const { data, ...size } = await loadHeicDecoder()({ buffer: bytes });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { picture: openPicture(pixels, { maxPixels, raw: { ...size, channels: 4 } }), ...size };
}

const ENDS: readonly (readonly [start: string, end: string])[] = [
  ['\x89PNG', 'IEND'],
  ['\xff\xd8\xff', '\xff\xd9'],
  ['GIF8', '\0;'],
];

/** Whether the mark is missing that ends a PNG, a JPEG or a GIF. Programs put up to some KB after it. */
function lacksEnd(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  const end = ENDS.find(([known]) => start.startsWith(known))?.[1];
  return end !== undefined && !Buffer.from(bytes.subarray(-TAIL)).includes(end, 0, 'latin1');
}

const TAIL = 16;

const isTiff = (bytes: Uint8Array): boolean =>
  /^(II[*+]|MM\0[*+])/.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1'));
