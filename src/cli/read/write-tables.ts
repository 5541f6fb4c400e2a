import type { Table } from '../../readers/document.ts';
import type { Part } from '../../readers/reader.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Output } from '../output.ts';
import { plural } from '../output.ts';
import { toCsv } from './tables-csv.ts';

export type TableWriter = {
  /** `file`: named where there are several. */
  readonly add: (part: Part, file?: string) => void;
  readonly count: () => number;
};

/** Tables to stdout as they come, an empty line between them; to stderr where each stood. */
export function createTableWriter(output: Output): TableWriter {
  let count = 0;
  return {
    count: () => count,
    add: (part, file) => {
      if (part.type !== 'page') return;
      const { number, label, tables } = part.page;
      for (const table of tables) {
        count += 1;
        output.answer((count === 1 ? '' : '\n') + toCsv(table.rows));
        const place = [file, `page ${number}`, label && `"${label}"`].filter(Boolean).join(', ');
        output.note(escapeLine(`Table ${count}: ${place}, ${toShape(table)}.`));
      }
    },
  };
}

function toShape({ rows, guessed }: Table): string {
  const shape = `${plural(rows.length, 'row')} of ${plural(rows[0]?.length ?? 0, 'cell')}`;
  return guessed ? `${shape}, its columns guessed from the gaps` : shape;
}
