// Schemas as lists of fields.

import { followed, nameOf } from './description.js';
import { h, words } from './dom.js';

const DEEPEST = 6;

/** What a value is, in a few words. */
export function kind(schema) {
  const whole = followed(schema) ?? {};
  const options = whole.oneOf ?? whole.anyOf;
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.enum || options?.every((one) => one.const !== undefined)) return 'one of these';
  if (options) return options.map(kind).join(' or ');
  if (whole.type === 'array') return `list of ${kind(whole.items ?? {}).replace('one of these', 'these')}`;
  if (whole.type === 'null') return 'null';
  const types = [whole.type ?? 'anything'].flat().filter((type) => type !== 'null');
  const nullable = [whole.type].flat().includes('null') ? ' or null' : '';
  const format = { 'date-time': 'RFC 3339 time', email: 'email address', uri: 'address' }[whole.format];
  return (format ?? types.join(' or ')) + nullable;
}

/** The values of a closed list, each with what it means. */
function values(schema) {
  const whole = followed(schema) ?? {};
  const listed = whole.type === 'array' ? followed(whole.items) ?? {} : whole;
  const options = (listed.oneOf ?? listed.anyOf ?? []).flatMap((one) => {
    const inner = followed(one);
    return inner.oneOf ?? (inner.enum ?? []).map((value) => ({ const: value })).concat(inner.const !== undefined ? [inner] : []);
  });
  const known = listed.enum ? listed.enum.map((value) => ({ const: value })) : options.filter((one) => one.const !== undefined);
  if (!known.length) return null;
  const told = known.map(({ const: value, description }) => h('li', {}, h('code', {}, String(value)), description ? [' ', words(description)] : null));
  return known.length > 6 ? h('details', {}, h('summary', {}, `${known.length} values`), h('ul', { class: 'values' }, told)) : h('ul', { class: 'values' }, told);
}

/** The limits of a value. */
function limits(schema) {
  const whole = followed(schema) ?? {};
  const range = (least, most, unit) => {
    if (least != null && most != null) return `${least} to ${most}${unit}`;
    if (most != null) return `at most ${most}${unit}`;
    return least ? `at least ${least}${unit}` : null;
  };
  const parts = [
    range(whole.minLength, whole.maxLength, ' characters'),
    range(whole.minItems, whole.maxItems, ' entries'),
    whole.maximum != null && whole.maximum !== 65535 ? range(whole.minimum, whole.maximum, '') : null,
    whole.uniqueItems ? 'each once' : null,
    !['', null, undefined].includes(whole.default) && typeof whole.default !== 'object' ? `preset ${whole.default}` : null,
  ];
  return parts.filter(Boolean).join(', ');
}

/** One field: its name, what it is, what it means. */
export function field(name, schema, { required, description, place, depth = 0 } = {}) {
  const whole = followed(schema) ?? {};
  const told = description ?? whole.description;
  const inner = whole.properties ? whole : whole.type === 'array' ? followed(whole.items) : null;
  const limit = limits(schema);
  return [
    h('dt', {}, h('code', {}, name), ' ', h('span', { class: 'kind' }, kind(schema)), place ? h('span', { class: 'kind' }, ` in ${place}`) : null, required ? h('span', { class: 'needed' }, ' required') : null),
    h(
      'dd',
      {},
      told ? h('p', {}, words(told)) : null,
      limit ? h('p', { class: 'kind' }, limit) : null,
      values(schema),
      inner?.properties && depth < DEEPEST ? h('details', {}, h('summary', {}, `Fields of ${nameOf(whole.items ?? schema) ?? nameOf(schema) ?? name}`), fields(inner, depth + 1)) : null,
    ),
  ];
}

/** All fields of an object; for what is none, what it is. */
export function fields(schema, depth = 0) {
  const whole = followed(schema) ?? {};
  if (!whole.properties) return h('p', { class: 'kind' }, kind(schema));
  const required = new Set(whole.required ?? []);
  const names = Object.keys(whole.properties).sort((a, b) => required.has(b) - required.has(a));
  return h('dl', { class: 'fields' }, names.map((name) => field(name, whole.properties[name], { required: required.has(name), depth })));
}
