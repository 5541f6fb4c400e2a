/** Names that can be those of files or sheets: without what is forbidden there, not too long, and no two the same even
 * where capitals do not count. Those in front keep theirs. */
export function uniqueNames(
  names: readonly string[],
  { forbidden, most }: { readonly forbidden: RegExp; readonly most: number },
): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = name.replace(forbidden, '_') || '_';
    for (let count = 1; ; count += 1) {
      const end = count === 1 ? '' : `-${count}`;
      const unique = cut(base, most - end.length) + end;
      if (taken.has(unique.toLowerCase())) continue;
      taken.add(unique.toLowerCase());
      return unique;
    }
  });
}

const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
