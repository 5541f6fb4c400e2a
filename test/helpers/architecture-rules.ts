/**
 * The rules of design.md's "Rooms", as functions from files to sentences that say what is wrong. No parser is needed:
 * the code is formatted, so an import begins a line.
 */
import { posix } from 'node:path';

/** `path` is relative to the checkout, with slashes. */
export type SourceFile = { readonly path: string; readonly text: string };
export type Rule = (files: readonly SourceFile[]) => string[];

/** A room may import those left of it, and those beside it as long as they do not import it. */
const RANKS: readonly (readonly string[])[] = [
  ['messages', 'errors', 'events', 'terminal-text'],
  ['qwen', 'tool', 'workspace', 'arithmetic'],
  ['engine', 'readers', 'memory', 'seal', 'trace'],
  ['mcp', 'extract'],
  ['agent'],
  ['config'],
  ['index', 'testing'],
  ['cli'],
];

/** Who may import a package. A package that is not named here may not be imported. */
const ROOMS_OF_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'node-llama-cpp': ['engine'],
  '@fugood/llama.node': ['engine'],
  xstate: ['agent'],
  '@modelcontextprotocol/client': ['mcp'],
  '@modelcontextprotocol/server': ['mcp'],
  'pdfjs-dist': ['readers'],
  '@napi-rs/canvas': ['readers'],
  sharp: ['readers'],
  'exif-reader': ['readers'],
  'heic-decode': ['readers'],
  'tesseract.js': ['readers'],
  mammoth: ['readers'],
  'read-excel-file': ['readers'],
  'csv-parse': ['readers'],
  'postal-mime': ['readers'],
  parse5: ['readers'],
  '@xmldom/xmldom': ['readers'],
  fflate: ['readers'],
  'fraction.js': ['arithmetic'],
  'csv-stringify': ['extract'],
  'write-excel-file': ['extract'],
  'chrono-node': ['extract'],
  lowdb: ['memory'],
  'age-encryption': ['memory'],
  minisearch: ['memory'],
  sotto: ['agents', 'agents.config'],
};
const PACKAGE_OF_ALL = 'zod';

/** What src/config.ts alone may load, and only when it runs. */
const LOADED_BY_CONFIG = ['tools/index.ts', 'agents/index.ts'];
const ROOMS_FOR_TOOLS = [
  'tool',
  'arithmetic',
  'workspace',
  'readers',
  'memory',
  'messages',
  'errors',
  'terminal-text',
];
const MAX_LINES = 250;
const MAX_MACHINE_LINES = 149;

type Import = { readonly specifier: string; readonly isDynamic: boolean };

/** What a file imports or exports from elsewhere, types too. A path that is made when it runs is `(computed)`. */
export function importsOf(text: string): Import[] {
  const code = text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '');
  const fixed = code.matchAll(
    /^\s*(?:import|export)\s(?:[\w$\s{},*]*\sfrom\s)?\s*(['"])(?<specifier>[^'"]+)\1/gm,
  );
  const dynamic = code.matchAll(/\b(?:import|require)\s*\(\s*(?:(['"`])(?<specifier>[^'"`$]+)\1)?/g);
  return [
    ...fixed.map(({ groups }) => ({ specifier: groups?.specifier ?? '', isDynamic: false })),
    ...dynamic.map(({ groups }) => ({ specifier: groups?.specifier ?? '(computed)', isDynamic: true })),
  ];
}

/** Imports go to the left, never to the right. */
export const checkDirection: Rule = (files) =>
  edges(files).flatMap(({ file, from, to, target }) => {
    if (!isIn('src/', file.path) || !isIn('src/', target)) return [];
    const [own, other] = [rankOf(from), rankOf(to)];
    if (own < 0) return [`${file.path}: the room ${from} has no place in the order`];
    if (other < 0) return [`${file.path}: the room ${to} has no place in the order`];
    return other > own ? [`${file.path} imports ${target}: ${from} may not import ${to}`] : [];
  });

/** Two rooms never import each other, not even through a third one. */
export const checkCycles: Rule = (files) => {
  const graph = Map.groupBy(edges(files), ({ from }) => from);
  const next = (room: string) =>
    new Set((graph.get(room) ?? []).map(({ to }) => to).filter((to) => to !== room));
  const reaches = (start: string, goal: string, seen = new Set<string>()): boolean =>
    next(start)
      .values()
      .some((room) => room === goal || (!seen.has(room) && reaches(room, goal, seen.add(room))));
  return [...graph.keys()]
    .filter((room) => reaches(room, room))
    .map((room) => `${room} imports itself in a circle`);
};

/** src stands on its own: what users write, and what is built in, comes to it through loadConfig. */
export const checkSrcStandsAlone: Rule = (files) =>
  edges(files).flatMap(({ file, target, isDynamic }) => {
    if (!isIn('src/', file.path) || isIn('src/', target)) return [];
    const isLoaded = file.path === 'src/config.ts' && isDynamic && LOADED_BY_CONFIG.includes(target);
    return isLoaded ? [] : [`${file.path} imports ${target}`];
  });

/** Code whose path is not known beforehand is loaded in one place. */
export const checkComputedImports: Rule = (files) =>
  imports(files)
    .filter(({ file, specifier }) => specifier === '(computed)' && file.path !== 'src/config.ts')
    .map(({ file }) => `${file.path} imports a path that is made when it runs`);

export const checkTools: Rule = (files) =>
  edges(files)
    .filter(({ file, to, target }) => {
      const isAllowed = isIn('tools/', target) || (isIn('src/', target) && ROOMS_FOR_TOOLS.includes(to));
      return isIn('tools/', file.path) && !isAllowed;
    })
    .map(({ file, target }) => `${file.path} imports ${target}`);

/** An agent is written as its users write theirs: against the public API. */
export const checkAgents: Rule = (files) =>
  imports(files)
    .filter(({ file, specifier }) => {
      const isAllowed = specifier === 'sotto' || /^\.\/[^/]+$/.test(specifier);
      return isIn('agents/', file.path) && !isAllowed;
    })
    .map(({ file, specifier }) => `${file.path} imports ${specifier}`);

/** Each package of others has one room that imports it. */
export const checkPackages: Rule = (files) =>
  imports(files).flatMap(({ file, specifier }) => {
    if (/^(\.|node:|\()/.test(specifier)) return [];
    const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
    const isAllowed = name === PACKAGE_OF_ALL || ROOMS_OF_PACKAGES[name]?.includes(roomOf(file.path));
    return isAllowed ? [] : [`${file.path} imports ${name}`];
  });

export const checkSizes: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    const most = path === 'src/agent/agent-machine.ts' ? MAX_MACHINE_LINES : MAX_LINES;
    return lines > most ? [`${path} has ${lines} lines, ${most} are allowed`] : [];
  });

export const checkNames: Rule = (files) =>
  files
    .filter(({ path }) => !/^([a-z0-9-]+\/)*[a-z0-9]+(-[a-z0-9]+)*(\.config)?\.ts$/.test(path))
    .map(({ path }) => `${path} is not in kebab-case`);

export const checkDefaultExports: Rule = (files) =>
  files
    .filter(
      ({ path, text }) =>
        path !== 'agents.config.ts' && /^\s*export\s+default\b|\bas\s+default\b/m.test(text),
    )
    .map(({ path }) => `${path} has a default export`);

export const checkLeftovers: Rule = (files) =>
  files
    .filter(({ text }) => /\b(TODO|FIXME)\b/.test(text))
    .map(({ path }) => `${path} has something left to do`);

function imports(files: readonly SourceFile[]) {
  return files.flatMap((file) => importsOf(file.text).map((found) => ({ file, ...found })));
}

/** Imports of files of the checkout. */
function edges(files: readonly SourceFile[]) {
  return imports(files)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ file, specifier, isDynamic }) => {
      const target = posix.join(posix.dirname(file.path), specifier);
      return { file, target, isDynamic, from: roomOf(file.path), to: roomOf(target) };
    });
}

/** `src/engine/engine.ts` and `src/errors.ts` lie in the rooms engine and errors, `tools/x.ts` in tools. */
function roomOf(path: string): string {
  const [first = ''] = path.replace(/^src\//, '').split('/');
  return first.replace(/\.ts$/, '');
}

function rankOf(room: string): number {
  return RANKS.findIndex((rooms) => rooms.includes(room));
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder);
}
