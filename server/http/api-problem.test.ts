import { httpProblems, problem as schema } from '@causeway/core/api';
import { JsonError, parseJson } from '@causeway/core/json';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../store/index.ts';
import { ApiProblem, notFound, problemFrom } from './api-problem.ts';

/** As the areas of the node define theirs: a class with a name, a code and a sentence. */
class AreaError extends Error {
  readonly code: string;
  constructor(name: string, code: string, message: string, more: object = {}) {
    super(message);
    this.name = name;
    this.code = code;
    Object.assign(this, more);
  }
}

describe('a problem document', () => {
  it.each([
    [
      'StoreError',
      new StoreError('conflict', 'taken', { remedy: 'choose another' }),
      { status: 409, code: 'conflict', detail: 'taken', remedy: 'choose another' },
    ],
    ['StoreError', new StoreError('disk-full', 'full'), { status: 507, code: 'disk-full', title: 'Disk full' }],
    [
      'the database’s own',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      { status: 503, code: 'database-down' },
    ],
    [
      'DataError',
      new AreaError('DataError', 'bad-row', 'row 7 of crm.csv'),
      { status: 422, code: 'bad-row', detail: 'row 7 of crm.csv' },
    ],
    ['DataError', new AreaError('DataError', 'disk-full', 'x'), { status: 507 }],
    [
      'PolicyDenied',
      new AreaError('PolicyDenied', 'policy-denied', 'media, rule uses: none left'),
      { status: 422, code: 'policy-denied' },
    ],
    [
      'LedgerError',
      new AreaError('LedgerError', 'no-uses-left', 'x', { pointer: '/body/job' }),
      { status: 409, pointer: '/body/job' },
    ],
    ['LinkError', new AreaError('LinkError', 'timeout', 'x', { partner: 'media' }), { status: 504, partner: 'media' }],
    [
      'the partner’s failure',
      new AreaError('LinkError', 'peer', 'media failed', {
        peer: { code: 'disk-full', detail: 'no space\r\n\u001b[31m' },
      }),
      { status: 502, code: 'peer', cause: { code: 'disk-full', detail: 'no space [31m' } },
    ],
  ])('of %s keeps its code and its sentence', (_name, error, expected) => {
    const problem = problemFrom(error);
    expect(problem).toMatchObject(expected);
    expect(problem.type).toBe(`urn:causeway:problem:${problem.code}`);
    expect(schema.safeParse(problem).success).toBe(true);
  });

  it.each([
    ['an Error', new Error('canary')],
    ['a TypeError', new TypeError('canary')],
    ['an error of an area that is not known', new AreaError('OtherError', 'x', 'canary')],
    ['an area’s error without a code', Object.assign(new Error('canary'), { name: 'DataError' })],
    ['a string', 'canary'],
    ['nothing', undefined],
    ['a database’s complaint with a value in it', Object.assign(new Error('canary'), { code: '22P02' })],
  ])('of %s says only that the node failed', (_name, error) => {
    const problem = problemFrom(error);
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('canary');
  });

  it('of a duplicate key names the constraint, not the key', () => {
    const error = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      constraint: 'datasets_name_key',
      detail: 'Key (name)=(canary) already exists.',
    });
    expect(JSON.stringify(problemFrom(error))).not.toContain('canary');
  });

  it('of malformed JSON has the place', () => {
    const error = (() => {
      try {
        return parseJson('{"a":[1,1e999]}');
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(JsonError);
    expect(problemFrom(error)).toMatchObject({ status: 400, code: 'malformed-json', pointer: '/a/1' });
  });

  it('a partner’s words are cut, and are not taken when they are none', () => {
    const from = (peer: unknown) => problemFrom(new AreaError('LinkError', 'peer', 'x', { peer })).cause;
    expect(from({ code: 'x', detail: 'y'.repeat(10_000) })?.detail).toHaveLength(500);
    for (const peer of [{ code: 'A B', detail: 'y' }, { code: 'x' }, 'x', null, { code: 1, detail: 2 }])
      expect(from(peer)).toBeUndefined();
  });

  it('a known code brings its status and title; another one brings its own', () => {
    expect(problemFrom(notFound())).toMatchObject(httpProblems['not-found']);
    expect(problemFrom(new ApiProblem({ code: 'four-eyes', status: 403, detail: 'x' }))).toMatchObject({
      title: 'Four eyes',
      status: 403,
    });
  });
});
