import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/messages.ts';
import { parseToolCall } from '../../src/qwen/parse-tool-call.ts';
import { callText, parameterText, toolOf } from '../helpers/grammar.ts';

const tool = toolOf({
  text: { type: 'string' },
  count: { type: 'number' },
  flag: { type: 'boolean' },
  list: { type: 'array' },
  record: { type: 'object' },
});
const read = (body: string) => parseToolCall(body, [tool]);
const readText = (text: string) => read(`\n<function=t>\n${parameterText('text', text)}</function>\n`);

describe('the official form', () => {
  test('gives back every input', () => {
    const json = fc.jsonValue().map((value): JsonValue => JSON.parse(JSON.stringify(value)));
    const pieces = [
      'a',
      '\n',
      ' ',
      '<',
      '</parameter>',
      '<parameter=',
      '<parameter=text>',
      '</function>',
      '</tool_call>',
      '\r',
      '1',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
    );
    const members = {
      text: text.filter((value) => !/(^|\n)(<\/parameter>|<parameter=)/.test(value)),
      count: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
      flag: fc.boolean(),
      list: fc.array(json),
      record: fc.dictionary(fc.string(), json).map((value): JsonObject => JSON.parse(JSON.stringify(value))),
    };
    fc.assert(
      fc.property(fc.record(members, { requiredKeys: [] }), (input) => {
        expect(read(callText('t', input))).toEqual({ name: 't', input });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    '',
    '\n',
    ' padded ',
    '\n\nblank lines\n\n',
    'null',
    '12',
    '"quoted"',
    'a </parameter> b <parameter=text> c </function> d </tool_call>',
    ' </parameter>',
    'a\n</function>\nb',
    'a\n</parameter> b',
    'a\n<parameter=other>\nb',
    'a\n<parameter=text>\nb',
    'a</parameter>',
    '<function=t>',
  ])('keeps the text %j', (text) => {
    expect(readText(text)).toEqual({ name: 't', input: { text } });
  });

  test('keeps a line that looks like a parameter that was given before', () => {
    const input = { count: 1, text: 'a\n<parameter=count>\nb' };
    expect(read(callText('t', input))).toEqual({ name: 't', input });
  });

  test('reads values by their schema', () => {
    const input = {
      count: -1.5e-7,
      flag: false,
      list: [1, ['a'], null],
      record: { a: { b: '</parameter>' } },
    };
    expect(read(callText('t', input))).toEqual({ name: 't', input });
  });

  test('keeps hostile names as plain data', () => {
    const text = ['__proto__', 'constructor', 'toString']
      .map((key) => parameterText(key, '{"polluted": true}'))
      .join('');
    const { input } = parseToolCall(`\n<function=x>\n${text}</function>\n`, []);
    expect(Object.keys(input)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('reads names that hold a closing bracket where a tool declares them', () => {
    const odd = { ...toolOf({ 'a>b': { type: 'string' } }), name: 'x>y' };
    expect(parseToolCall(callText('x>y', { 'a>b': 'c' }), [odd])).toEqual({
      name: 'x>y',
      input: { 'a>b': 'c' },
    });
  });
});

describe('types', () => {
  test.each<[string, JsonValue, string, JsonValue]>([
    ['a Python boolean', { type: 'boolean' }, ' True ', true],
    ['a Python boolean', { type: ['boolean', 'null'] }, 'False', false],
    ['None', { type: ['integer', 'null'] }, 'None', null],
    ['null', { type: 'null' }, 'null', null],
    ['white space around JSON', { type: 'integer' }, '  7\n', 7],
    ['what is not JSON', { type: 'integer' }, 'seven', 'seven'],
    ['an endless number', { type: 'number' }, '1e999', '1e999'],
    ['a string that looks like a number', { type: 'string' }, '7', '7'],
    ['a string or null', { type: ['string', 'null'] }, 'null', null],
    ['a string or null', { type: ['string', 'null'] }, 'None', 'None'],
    ['a string or null', { type: ['string', 'null'] }, '7', '7'],
    ['a string or an integer', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, '7', 7],
    ['a string or an integer', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, '7.5', '7.5'],
    ['a string or an array', { type: ['string', 'array'] }, '["a"]', ['a']],
    ['a literal', { enum: ['a', 1, null] }, '1', 1],
    ['a literal', { enum: ['a', 1, null] }, '2', '2'],
    ['a literal of text', { enum: ['1', '2'] }, '1', '1'],
    ['anything', {}, '{"a": 1}', { a: 1 }],
    ['anything', {}, '"a"', '"a"'],
    ['anything', {}, 'a', 'a'],
    ['a reference', { $ref: '#/$defs/size' }, '3', 3],
    ['allOf', { allOf: [{ $ref: '#/$defs/size' }] }, '3', 3],
  ])('reads %s: %j %j', (_, schema, text, value) => {
    const typed = toolOf({ v: schema }, { $defs: { size: { type: 'integer' } } });
    const call = parseToolCall(`<function=t>\n${parameterText('v', text)}</function>`, [typed]);
    expect(call).toEqual({ name: 't', input: { v: value } });
  });

  test.each<[string, JsonValue]>([
    ['12', 12],
    ['[1]', [1]],
    ['null', null],
    ['"a"', '"a"'],
    ['a', 'a'],
  ])('reads %j of an unknown tool', (text, value) => {
    expect(parseToolCall(`<function=x>\n${parameterText('v', text)}</function>`, []).input).toEqual({
      v: value,
    });
  });

  test('takes the types of a choice of objects', () => {
    const choice = {
      name: 't',
      description: '',
      parameters: {
        anyOf: [toolOf({ a: { type: 'string' } }).parameters, toolOf({ a: { type: 'null' } }).parameters],
      },
    };
    expect(parseToolCall(callText('t', { a: '7' }), [choice]).input).toEqual({ a: '7' });
    expect(parseToolCall(callText('t', { a: null }), [choice]).input).toEqual({ a: null });
  });
});

describe('errors of form whose meaning is clear', () => {
  const input = { text: 'a', count: 1 };
  test.each([
    [
      'blank lines',
      '\n\n<function=t>\n\n<parameter=text>\na\n</parameter>\n\n<parameter=count>\n1\n</parameter>\n\n</function>\n\n',
    ],
    ['one line', '<function=t><parameter=text>a</parameter><parameter=count>1</parameter></function>'],
    [
      'a line each',
      '\n<function=t>\n<parameter=text>a</parameter>\n<parameter=count>1</parameter>\n</function>\n',
    ],
    [
      'spaces in tags',
      '\n<function= t >\n<parameter=text >\na\n</parameter>\n<parameter= count>\n1\n</parameter>\n</function>\n',
    ],
    [
      'indentation',
      '\n<function=t>\n  <parameter=text>\na\n  </parameter>\n  <parameter=count>\n  1\n  </parameter>\n</function>\n',
    ],
    [
      'no end tag before the next parameter',
      '\n<function=t>\n<parameter=text>\na\n<parameter=count>\n1\n</parameter>\n</function>\n',
    ],
    [
      'no end tag before the end',
      '\n<function=t>\n<parameter=text>\na\n</parameter>\n<parameter=count>\n1\n</function>\n',
    ],
    ['no end tags, one line', '<function=t><parameter=text>a<parameter=count>1</function>'],
    [
      "end tags on the value's line",
      '\n<function=t>\n<parameter=text>\na</parameter>\n<parameter=count>\n1</parameter>\n</function>\n',
    ],
    [
      'two end tags',
      '\n<function=t>\n<parameter=text>\na\n</parameter>\n</parameter>\n<parameter=count>\n1\n</parameter>\n</function>\n',
    ],
    [
      'no newline after the function',
      '\n<function=t><parameter=text>\na\n</parameter>\n<parameter=count>\n1\n</parameter></function>',
    ],
    [
      'an unfinished tag',
      '\n<function=t\n<parameter=text>\na\n</parameter>\n<parameter=count\n1\n</parameter>\n</function>\n',
    ],
    [
      'text before',
      'I call it: <function=t>\n<parameter=text>\na\n</parameter>\n<parameter=count>\n1\n</parameter>\n</function>\n',
    ],
    ['a JSON body', '\n{"name": "t", "arguments": {"text": "a", "count": 1}}\n'],
    ['a JSON body with JSON inside', '{"name": "t", "arguments": "{\\"text\\": \\"a\\", \\"count\\": 1}"}'],
    ['JSON parameters', '\n<function=t>\n{"text": "a", "count": 1}\n</function>\n'],
  ])('reads %s', (_, body) => {
    expect(read(body)).toEqual({ name: 't', input });
  });

  test('takes a short form of the empty text', () => {
    expect(read('<function=t>\n<parameter=text>\n</parameter>\n</function>').input).toEqual({ text: '' });
  });

  test('reads a call without parameters', () => {
    expect(read('\n<function=t>\n</function>\n')).toEqual({ name: 't', input: {} });
  });
});

describe('problems', () => {
  const whole = callText('t', { text: 'two\nlines', count: 12 });

  test('says of a call cut off anywhere that it was', () => {
    const end = whole.indexOf('</function>') + '</function>'.length;
    for (let length = whole.indexOf('<function=') + 10; length < end; length++) {
      expect([length, read(whole.slice(0, length)).problem]).toEqual([
        length,
        expect.stringContaining('cut off'),
      ]);
    }
    expect(read(whole.slice(0, end)).problem).toBeUndefined();
  });

  test.each([
    ['no function', 'hello', 'names no function'],
    ['nothing', '', 'names no function'],
    [
      'a parameter given twice',
      callText('t', { text: 'a' }).replace('</function>', `${parameterText('text', 'b')}</function>`),
      'given twice',
    ],
    ['two calls in one', `${callText('t', { text: 'a' })}${callText('t', { text: 'b' })}`, 'another call'],
    [
      'text between parameters',
      callText('t', { text: 'a' }).replace('</function>', 'and then\n</function>'),
      'outside of a parameter',
    ],
    ['JSON cut off', '{"name": "t", "arguments": {"text": "a', 'not complete JSON'],
    ['JSON that is no call', '{"text": "a"}', 'not complete JSON'],
    ['JSON whose arguments are none', '{"name": "t", "arguments": [1]}', 'not complete JSON'],
  ])('names %s', (_, body, problem) => {
    expect(read(body).problem).toContain(problem);
  });

  test('never throws', () => {
    const pieces = [
      '<function=',
      't',
      '>',
      '\n',
      '<parameter=',
      'text',
      'count',
      '</parameter>',
      '</function>',
      '{',
      '"',
      ' ',
    ];
    const body = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())).map((parts) => parts.join(''));
    fc.assert(
      fc.property(body, (text) => {
        read(text);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '</parameter>',
    '\n',
    ' ',
    '<parameter=text>',
    '\n<parameter=text>',
    '\n</parameter>',
    '\n</function>',
  ])('takes no longer than the text is long: %j', (piece) => {
    const start = performance.now();
    read(`<function=t>\n<parameter=text>${piece.repeat(20_000)}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
