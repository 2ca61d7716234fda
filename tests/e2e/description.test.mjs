// The description of the API: that it is one, that nothing is left out, and that its examples are what it describes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const document = JSON.parse(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

/** Every operation, with its path and method. */
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })),
);

/** What a reference leads to. */
function followed(value) {
  if (!value?.$ref) return value;
  const place = value.$ref.split('/').slice(1);
  return place.reduce((found, part) => found?.[part.replaceAll('~1', '/')], document);
}

/** Every object in a value, with the words that lead to it. */
function* within(value, at = '') {
  if (value === null || typeof value !== 'object') return;
  yield [at, value];
  for (const [name, inner] of Object.entries(value)) yield* within(inner, `${at}/${name}`);
}

const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
ajv.addFormat('password', true);
for (const kind of ['uint', 'uint8', 'uint16', 'uint32', 'uint64', 'int32', 'int64', 'double']) ajv.addFormat(kind, true);
ajv.addSchema({ $id: 'https://document/', ...structuredClone(document) });
const compiled = new Map();
/** What is wrong with a value by a schema of the document. */
function faults(schema, value) {
  const text = JSON.stringify(schema).replaceAll('"#/', '"https://document/#/');
  const fits = compiled.get(text) ?? ajv.compile(JSON.parse(text));
  compiled.set(text, fits);
  return fits(value) ? [] : fits.errors.map((error) => `${error.instancePath} ${error.message}`);
}

test('it is an OpenAPI 3.1 document', async () => {
  const validator = new Validator({ formats: { uint: true } });
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.equal(validator.version, '3.1');
});

test('every reference leads somewhere', () => {
  for (const [at, value] of within(document)) {
    if (typeof value.$ref === 'string') assert.ok(followed(value), `${at}: ${value.$ref}`);
  }
});

test('every operation says what it is, who may call it, and what it takes', () => {
  const names = new Set();
  const tags = new Set(document.tags.map((tag) => tag.name));
  assert.ok(operations.length > 110, `${operations.length}`);
  for (const { path, method, operationId, ...operation } of operations) {
    const of = `${method} ${path}`;
    assert.match(operationId, /^[a-z][A-Za-z]+$/, of);
    assert.ok(!names.has(operationId), `${operationId} twice`);
    names.add(operationId);
    assert.ok(operation.summary && operation.description, `${of} is not described`);
    assert.ok(!/\n(?!\n)(?<!\n\n)|\[`/.test(operation.description), `${of}: ${operation.description}`);
    assert.ok(operation.tags.length === 1 && tags.has(operation.tags[0]), of);
    assert.ok(Array.isArray(operation.security), of);
    for (const needed of operation.security) {
      for (const [scheme, scopes] of Object.entries(needed)) {
        const known = document.components.securitySchemes[scheme];
        assert.ok(known, `${of}: ${scheme}`);
        const all = document.components.securitySchemes.oauth.flows.clientCredentials.scopes;
        assert.ok(scopes.every((scope) => all[scope]), `${of}: ${scopes}`);
      }
    }
    const parameters = (operation.parameters ?? []).map(followed);
    for (const parameter of parameters) {
      assert.ok(parameter.description && parameter.schema, `${of}: ${parameter.name}`);
    }
    const inPath = parameters.filter((one) => one.in === 'path').map((one) => one.name);
    assert.deepEqual(inPath.sort(), [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort(), of);
  }
  for (const tag of tags) assert.ok(operations.some((one) => one.tags[0] === tag), `${tag} has no operation`);
});

test('every answer has its request id, and every refusal its codes', () => {
  for (const { path, method, responses } of operations) {
    const statuses = Object.keys(responses);
    assert.ok(statuses.some((status) => /^(1|2|default)/.test(status)), `${method} ${path} succeeds`);
    for (const [status, told] of Object.entries(responses)) {
      const of = `${method} ${path} ${status}`;
      const response = followed(told);
      assert.ok(response.description && response.headers['X-Request-Id'], of);
      const problem = response.content?.['application/problem+json'];
      if (!problem) continue;
      const { status: only, code } = problem.schema.properties;
      assert.equal(String(only.const), status, of);
      assert.deepEqual(Object.keys(problem.examples), code.enum, of);
      for (const example of Object.values(problem.examples)) {
        const { value } = followed(example);
        assert.equal(String(value.status), status, `${of} ${value.code}: a code of another status`);
        assert.deepEqual(faults(problem.schema, value), [], of);
      }
      if (status === '429') assert.ok(response.headers['Retry-After'], of);
    }
  }
});

test('every body has an example, and it fits', () => {
  let examples = 0;
  for (const operation of operations) {
    const bodies = [operation.requestBody, ...Object.values(operation.responses)].filter(Boolean).map(followed);
    for (const { content = {} } of bodies) {
      for (const [media, { schema, example }] of Object.entries(content)) {
        if (!schema || media === 'application/problem+json') continue;
        const of = `${operation.operationId} ${media}`;
        assert.ok(example !== undefined, `${of} has no example`);
        assert.deepEqual(faults(schema, example), [], `${of}: ${JSON.stringify(example)}`);
        examples += 1;
      }
    }
  }
  assert.ok(examples > 140, `${examples}`);
  for (const [at, value] of within(document.components.schemas)) {
    for (const example of Array.isArray(value.examples) ? value.examples : []) {
      assert.deepEqual(faults(value, example), [], at);
    }
  }
});

test('what is sent is bounded, and what is unknown is refused', () => {
  for (const { operationId, requestBody, tags } of operations) {
    const schema = followed(requestBody?.content?.['application/json']?.schema);
    if (!schema || operationId.startsWith('issueAccessToken')) continue;
    // Agents may be newer than the server, and say more.
    if (tags[0] === 'Gateway link') continue;
    assert.equal(schema.additionalProperties, false, operationId);
  }
});
