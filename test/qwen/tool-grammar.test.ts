import fc from 'fast-check';
import type { LlamaGrammar } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/messages.ts';
import { toolGrammar } from '../../src/qwen/tool-grammar.ts';
import { admits, callText, compile, parameterText, toolOf } from '../helpers/grammar.ts';

const grammarOf = async (properties: JsonObject, rest: JsonObject = {}) =>
  compile(toolGrammar([toolOf(properties, rest)]).gbnf);
const admitsCall = (grammar: LlamaGrammar, parameters: string) =>
  admits(grammar, `\n<function=t>\n${parameters}</function>\n</tool_call>`);
const admitsText = (grammar: LlamaGrammar, text: string) => admitsCall(grammar, parameterText('v', text));
const widenedOf = (properties: JsonObject, rest: JsonObject = {}) =>
  toolGrammar([toolOf(properties, rest)]).widened;

describe('the form of a call', () => {
  const path = { type: 'string' };
  const tools = [
    {
      name: 'read',
      description: '',
      parameters: toolOf({ path, page: { type: 'integer' } }, { required: ['path'] }).parameters,
    },
    { name: 'read_all', description: '', parameters: { type: 'object', properties: {} } },
    { name: 'a.b-c "d"\\é😀', description: '', parameters: toolOf({ 'k "\\é': path }).parameters },
  ];
  const grammar = compile(toolGrammar(tools).gbnf);

  test.each([
    ['a call', callText('read', { path: 'a' })],
    ['an optional parameter', callText('read', { path: 'a', page: 2 })],
    ['no parameters', callText('read_all', {})],
    ['names that need escapes', callText('a.b-c "d"\\é😀', { 'k "\\é': 'x' })],
  ])('admits %s', async (_, call) => {
    expect(admits(await grammar, `${call}</tool_call>`)).toBe(true);
  });

  test.each([
    ['an unknown tool', callText('write', { path: 'a' })],
    ['a missing parameter', callText('read', { page: 2 })],
    ['no parameters', callText('read', {})],
    ['an unknown parameter', callText('read', { path: 'a', pages: 2 })],
    ['another order', callText('read', { page: 2, path: 'a' })],
    [
      'a parameter given twice',
      callText('read', { path: 'a' }).replace(/(<parameter[\s\S]*parameter>\n)/, '$1$1'),
    ],
    ['a blank line', callText('read', { path: 'a' }).replace('</function>', '\n</function>')],
    ['a missing newline', callText('read', { path: 'a' }).replace('>\na', '>a')],
  ])('refuses %s', async (_, call) => {
    expect(admits(await grammar, `${call}</tool_call>`)).toBe(false);
  });

  test('admits nothing after the call', async () => {
    expect(admits(await grammar, `${callText('read_all', {})}</tool_call>\n`)).toBe(false);
  });

  test('compiles without any tool', async () => {
    await compile(toolGrammar([]).gbnf);
  });
});

describe('raw text', () => {
  const pieces = [
    'a',
    '😀',
    '\n',
    '<',
    '/',
    '</parameter',
    '>',
    '<parameter=',
    '</function>\n</tool_call>',
    ' ',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
  const isBroken = (value: string) => /(^|\n)(<\/parameter>|<parameter=)/.test(value);

  test('admits every text in which no line begins with a parameter tag', async () => {
    const grammar = await grammarOf({ v: { type: 'string' } });
    fc.assert(
      fc.property(text, (value) => {
        expect(admitsText(grammar, value)).toBe(!isBroken(value));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    [0, 3],
    [1, undefined],
    [2, 14],
    [4, 4],
    [0, 0],
  ])('counts characters: minLength %s, maxLength %s', async (minLength, maxLength) => {
    const grammar = await grammarOf({
      v: { type: 'string', minLength, ...(maxLength === undefined ? {} : { maxLength }) },
    });
    fc.assert(
      fc.property(text, (value) => {
        const length = Array.from(value).length;
        const fits = length >= minLength && length <= (maxLength ?? Number.POSITIVE_INFINITY);
        expect(admitsText(grammar, value)).toBe(fits && !isBroken(value));
      }),
      { numRuns: 500 },
    );
  });

  test('bounds free text where asked', async () => {
    const grammar = await compile(
      toolGrammar([toolOf({ v: { type: 'string' } })], { maxStringChars: 4 }).gbnf,
    );
    expect(admitsText(grammar, '<p>x')).toBe(true);
    expect(admitsText(grammar, '<p>xy')).toBe(false);
  });
});

/** A schema, texts of values that it admits, and texts that it refuses. */
const table: [JsonValue, string[], string[]][] = [
  [
    { enum: ['red', 'reddish', 'a "b"\\', 'é\n<', ''] },
    ['red', 'reddish', 'a "b"\\', 'é\n<', ''],
    ['re', '"red"', 'blue'],
  ],
  [{ type: 'string', const: 'x' }, ['x'], ['y']],
  [{ type: 'boolean' }, ['true', 'false', 'True', 'False'], ['TRUE', '"true"', 'null']],
  [{ type: 'null' }, ['null', 'None'], ['Null']],
  [{ const: true }, ['true', 'True'], ['false', 'False']],
  [{ type: 'integer' }, ['0', '-1', '999999999999999'], ['-0', '01', '1.0', '1e3', '+1', '-', '']],
  [{ type: 'integer', minimum: 1, maximum: 12 }, ['1', '9', '10', '12'], ['0', '13', '-1', '012']],
  [{ type: 'number' }, ['0', '-1.5', '2e10', '0.25E-3'], ['.5', '1.', 'NaN', '01']],
  [{ type: 'number', minimum: 0 }, ['0.5'], ['-0.5']],
  [{ type: ['integer', 'boolean'] }, ['7', 'False'], ['"7"', 'null']],
  [{ enum: [1, 'a', null, true] }, ['1', 'a', 'null', 'true'], ['2', 'b', 'None', 'True']],
  [
    { type: 'array', items: { type: 'boolean' } },
    ['[]', '[true]', '[true, false]', '[true,false]'],
    ['[True]', '[1]', '[true,  true]'],
  ],
  [
    { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
    ['[1]', '[1, 2, 3]'],
    ['[]', '[1, 2, 3, 4]'],
  ],
  [{ type: 'array', maxItems: 0 }, ['[]'], ['[1]']],
  [
    { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], items: false },
    ['[1, "a"]'],
    ['["a", 1]', '[1, "a", 2]'],
  ],
  [
    { type: 'array', prefixItems: [{ type: 'integer' }], items: { type: 'null' }, maxItems: 2 },
    ['[1]', '[1, null]'],
    ['[1, 2]', '[1, null, null]'],
  ],
  [
    { type: 'array', items: { type: 'string', maxLength: 2 } },
    ['["a\\n"]', '["é😀"]', '["\\u00e9"]', '["\\ud83d\\ude00"]'],
    ['["abc"]', '["\n"]', '["\\ud83d"]', '["\\x"]'],
  ],
  [
    {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'null' }, c: { type: 'integer' } },
      required: ['b'],
    },
    ['{"b": null}', '{"a": 1, "b": null}', '{"a": 1, "b": null, "c": 2}', '{"b":null,"c":2}'],
    ['{}', '{"a": 1}', '{"b": null, "a": 1}', '{"b": null, "d": 1}', '{"b": null,}'],
  ],
  [{ type: 'object' }, ['{}', '{"x": [1, {"y": null}]}'], ['[]', '{x: 1}', 'null', 'None']],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, ['{}', '{"x": 1, "y": 2}'], ['{"x": "1"}']],
  [
    { anyOf: [{ type: 'array', items: { type: 'integer' } }, { type: 'null' }] },
    ['[1]', 'null', 'None'],
    ['["a"]', '1'],
  ],
  [{ type: ['string', 'null'] }, ['null', 'anything', '"quoted"'], ['a\n</parameter>\n']],
  [{ anyOf: [{ enum: ['x', 'y'] }, { type: 'integer' }] }, ['x', 'y', '3'], ['z', '1.5', '"x"']],
  [{ anyOf: [{ type: 'string', maxLength: 2 }, { type: 'null' }] }, ['ab', 'null'], ['abc', 'None']],
  [{}, ['anything', '[1', '{"a": 1}'], []],
  [true, ['anything'], []],
  [{ allOf: [{ $ref: '#/$defs/size' }], description: 'as pydantic writes it' }, ['S', 'L'], ['M']],
  [
    { $ref: '#/$defs/tree' },
    ['{"name": "a"}', '{"name": "a", "children": [{"name": "b", "children": []}]}'],
    ['{}', '{"name": "a", "children": [1]}'],
  ],
  [
    {
      type: 'object',
      allOf: [{ $ref: '#/$defs/named' }],
      properties: { n: { type: 'null' } },
      required: ['n'],
    },
    ['{"name": "x", "n": null}'],
    ['{"n": null}'],
  ],
];
const $defs = {
  size: { enum: ['S', 'L'] },
  named: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  tree: {
    type: 'object',
    properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
    required: ['name'],
  },
};

describe('values', () => {
  test.each(table)('%j', async (schema, admitted, refused) => {
    const grammar = await grammarOf({ v: schema }, { $defs });
    expect(widenedOf({ v: schema }, { $defs })).toEqual([]);
    for (const text of admitted) expect([text, admitsText(grammar, text)]).toEqual([text, true]);
    for (const text of refused) expect([text, admitsText(grammar, text)]).toEqual([text, false]);
  });

  test('keeps integers between their limits', async () => {
    const limit = fc.integer({ min: -1200, max: 1200 });
    await fc.assert(
      fc.asyncProperty(limit, limit, fc.array(limit, { minLength: 20 }), async (a, b, values) => {
        const [minimum, maximum] = [Math.min(a, b), Math.max(a, b)];
        const grammar = await grammarOf({ v: { type: 'integer', minimum, maximum } });
        for (const value of [
          ...values,
          minimum - 1,
          minimum,
          minimum + 1,
          maximum - 1,
          maximum,
          maximum + 1,
        ]) {
          expect([value, admitsText(grammar, `${value}`)]).toEqual([
            value,
            value >= minimum && value <= maximum,
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a grammar cannot say', () => {
  test.each<[string, JsonValue]>([
    ['pattern', { type: 'string', pattern: '^a' }],
    ['format', { type: 'string', format: 'date' }],
    ['not', { type: 'integer', not: { const: 0 } }],
    ['uniqueItems', { type: 'array', uniqueItems: true }],
    ['an inner pattern', { type: 'array', items: { type: 'object', properties: { a: { pattern: 'x' } } } }],
    ['allOf of texts', { allOf: [{ minLength: 1 }, { maxLength: 9 }] }],
    ['a remote reference', { $ref: 'https://example.org/schema.json' }],
    ['a reference that leads nowhere', { $ref: '#/$defs/none' }],
    ['a reference to itself', { $ref: '#/properties/v' }],
    ['an unknown type', { type: 'float' }],
    ['a long limit of raw text', { type: 'string', maxLength: 5000 }],
    [
      'a string or an array of integers',
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] },
    ],
    ['oneOf with overlap', { oneOf: [{ type: 'integer' }, { type: 'number' }] }],
    ['a limit of numbers that has an exponent', { type: 'number', maximum: 1e30 }],
    ['items that may not be', { type: 'array', items: false, minItems: 1 }],
    ['multipleOf', { type: 'integer', multipleOf: 3 }],
  ])('names the parameter: %s', async (_, schema) => {
    const { gbnf, widened } = toolGrammar([toolOf({ v: schema })]);
    expect(widened).toEqual(['t.v']);
    await compile(gbnf);
  });

  test('names the tool where its parameters are a choice of objects', async () => {
    const anyOf = [toolOf({ a: { type: 'null' }, b: { type: 'null' } }), toolOf({ a: { type: 'null' } })];
    const tool = {
      name: 't',
      description: '',
      parameters: { anyOf: anyOf.map(({ parameters }) => parameters) },
    };
    const { gbnf, widened } = toolGrammar([tool]);
    const grammar = await compile(gbnf);
    expect(widened).toEqual(['t']);
    expect(admitsCall(grammar, parameterText('a', 'null'))).toBe(true);
    expect(admitsCall(grammar, parameterText('b', 'null'))).toBe(false);
  });

  test('takes any parameter where the tool says only that there are some', async () => {
    const tool = {
      name: 't',
      description: '',
      parameters: { type: 'object', additionalProperties: { type: 'integer' } },
    };
    const grammar = await compile(toolGrammar([tool]).gbnf);
    expect(admitsCall(grammar, parameterText('x', '1') + parameterText('y', '2'))).toBe(true);
    expect(admitsCall(grammar, parameterText('x', 'one'))).toBe(false);
  });

  test('compiles for whatever stands in place of a schema', async () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));
    const keyword = fc.constantFrom(
      ...'type enum const anyOf oneOf allOf items prefixItems properties required $ref minLength maxLength minItems maxItems minimum maximum additionalProperties'.split(
        ' ',
      ),
    );
    const value = fc.oneof(
      json,
      fc.constantFrom('string', 'object', 'array', '#', '#/properties/v', -1, 0, 1e9, 1.5),
    );
    const schema = fc.dictionary(
      keyword,
      fc.oneof(
        value,
        fc.array(fc.dictionary(keyword, value)),
        fc.dictionary(fc.string({ unit: 'binary' }), fc.dictionary(keyword, value)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(schema, async (v) => {
        await compile(toolGrammar([toolOf({ v: JSON.parse(JSON.stringify(v)) })]).gbnf);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the cost of large schemas', () => {
  const nest = (depth: number): JsonObject =>
    depth === 0 ? { type: 'integer' } : { type: 'array', items: nest(depth - 1) };
  const numbered = (count: number, make: (index: number) => JsonValue) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, make(index)]));
  const doubling = numbered(40, (index) => ({
    type: 'object',
    properties: { l: { $ref: `#/$defs/k${index + 1}` }, r: { $ref: `#/$defs/k${index + 1}` } },
  }));

  test.each<[string, JsonObject, JsonObject]>([
    ['deep', { v: nest(5000) }, {}],
    ['3,000 members', { v: { type: 'object', properties: numbered(3000, () => ({ type: 'integer' })) } }, {}],
    ['20,000 literals', { v: { enum: Object.keys(numbered(20_000, () => null)) } }, {}],
    ['references that double 40 times', { v: { $ref: '#/$defs/k0' } }, { $defs: doubling }],
    [
      'choices that triple 40 times',
      { v: { $ref: '#/$defs/k0' } },
      { $defs: numbered(40, (index) => ({ anyOf: Array(3).fill({ $ref: `#/$defs/k${index + 1}` }) })) },
    ],
  ])('stays small: %s', async (_, properties, rest) => {
    const { gbnf, widened } = toolGrammar([toolOf(properties, rest)]);
    expect(widened).toContain('t.v');
    expect(gbnf.length).toBeLessThan(1_000_000);
    await compile(gbnf);
  });

  test('writes 2,000 parameters and 300 tools without widening', async () => {
    const many = toolOf(
      numbered(2000, () => ({ type: 'integer' })),
      { required: [] },
    );
    const tools = Array.from({ length: 300 }, (_, index) => ({
      ...toolOf({ v: { type: 'string' } }),
      name: `tool_${index}`,
    }));
    const { gbnf, widened } = toolGrammar([many, ...tools]);
    expect(widened).toEqual([]);
    expect(admits(await compile(gbnf), `${callText('tool_299', { v: 'x' })}</tool_call>`)).toBe(true);
  });
});
