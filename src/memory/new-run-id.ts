import { randomBytes } from 'node:crypto';

/** Sortable by time, unique by chance: `20261121-014512-k3f9x2`. */
export function newRunId(): string {
  const [date = '', time = ''] = new Date().toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${date}-${time}-${randomBytes(4).toString('hex').slice(0, 6)}`;
}
