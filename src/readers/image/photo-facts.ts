import readExif from 'exif-reader';

/** What a camera wrote into a picture: `date` (YYYY-MM-DD HH:MM:SS, without a time zone, as EXIF has none), `camera`,
 * and, only where it may be told, `place` (latitude and longitude in degrees). Empty where it cannot be read. */
export function readPhotoFacts(exif: Uint8Array, withPlace: boolean): Readonly<Record<string, string>> {
  const { Image = {}, Photo = {}, GPSInfo = {} } = parse(exif);
  const camera = [Image.Make, Image.Model].filter((name) => typeof name === 'string').join(' ');
  const date = toDate(Photo.DateTimeOriginal) ?? toDate(Image.DateTime);
  const place = withPlace ? toPlace(GPSInfo) : undefined;
  return { ...(date && { date }), ...(camera && { camera: plain(camera) }), ...(place && { place }) };
}

function parse(exif: Uint8Array): Partial<ReturnType<typeof readExif>> {
  try {
    return readExif(Buffer.from(exif));
  } catch {
    return {};
  }
}

const plain = (text: string): string => text.replaceAll('\0', '').trim().slice(0, 200);

/** exif-reader gives a local time as if it were UTC. */
function toDate(value: unknown): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  return value.toISOString().slice(0, 19).replace('T', ' ');
}

type GpsTags = Readonly<Record<string, unknown>>;

function toPlace(gps: GpsTags): string | undefined {
  const latitude = toDegrees(gps.GPSLatitude, gps.GPSLatitudeRef === 'S');
  const longitude = toDegrees(gps.GPSLongitude, gps.GPSLongitudeRef === 'W');
  return latitude === undefined || longitude === undefined ? undefined : `${latitude}, ${longitude}`;
}

/** From degrees, minutes and seconds. */
function toDegrees(value: unknown, isNegative: boolean): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const [degrees = 0, minutes = 0, seconds = 0] = value.map(Number);
  const sum = degrees + minutes / 60 + seconds / 3600;
  return Number.isFinite(sum) ? (isNegative ? -sum : sum).toFixed(6) : undefined;
}
