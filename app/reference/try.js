// Trying an operation: the request as it will be sent, the same for curl, and what came back.

import { code, copyButton, h, say } from './dom.js';

/** The token that was pasted; it is in this variable and nowhere else, and gone with the page. */
let token = '';

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Address, headers and body of a request with these values. */
export function request(operation, values, body, media) {
  let path = operation.path;
  const query = [];
  const headers = {};
  for (const parameter of operation.parameters) {
    const value = values.get(parameter) ?? '';
    if (parameter.in === 'path') {
      const parts = parameter.name === 'path' ? value.split('/').map(encode).join('/') : encode(value);
      path = path.replace(`{${parameter.name}}`, parts || `{${parameter.name}}`);
    } else if (value !== '') {
      const several = parameter.schema.type === 'array' ? value.split('\n').filter(Boolean) : [value];
      if (parameter.in === 'query') query.push(...several.map((one) => `${encode(parameter.name)}=${encode(one)}`));
      else headers[parameter.name] = value;
    }
  }
  if (body !== '' && media) headers['Content-Type'] = media;
  return { method: operation.method, address: path + (query.length ? `?${query.join('&')}` : ''), headers, body };
}

/** The same for a command line. The token is not in it: `$TOKEN` is read where the command runs. */
export function curl(asked, operation, withToken) {
  const lines = [`curl -i ${asked.method === 'GET' ? '' : `-X ${asked.method} `}${quoted(location.origin + asked.address)}`];
  const open = !operation.security.some((needed) => Object.keys(needed).length);
  if (withToken) lines.push('-H "Authorization: Bearer $TOKEN"');
  else if (!open && !operation.security.some((needed) => needed.client)) {
    lines.push('-b jar');
    if (asked.method !== 'GET') lines.push(`-H ${quoted(`Origin: ${location.origin}`)}`);
  }
  for (const [name, value] of Object.entries(asked.headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (asked.body !== '') lines.push(`--data-raw ${quoted(asked.body)}`);
  return lines.join(' \\\n  ');
}

function control(parameter, id, change) {
  const schema = parameter.schema;
  const several = schema.type === 'array';
  const attributes = { class: several ? 'input input-area' : 'input', id, autocomplete: 'off', spellcheck: 'false', oninput: change, required: parameter.required };
  return several ? h('textarea', { ...attributes, rows: '2' }) : h('input', { ...attributes, type: 'text' });
}

function labelled(label, id, control, help) {
  return h('div', { class: 'field' }, h('label', { class: 'field-label', for: id }, label), control, help ? h('p', { class: 'field-help' }, help) : null);
}

/** The form of an operation with all that belongs to trying it. */
export function tryIt(operation) {
  if (operation.responses['101']) {
    return h('p', {}, 'A WebSocket cannot be tried here. From a page: ', h('code', {}, `new WebSocket('${location.origin.replace('http', 'ws')}${operation.path}')`));
  }
  const contents = operation.requestBody?.content ?? {};
  const media = Object.keys(contents)[0];
  const example = contents[media]?.example;
  const isForm = media === 'application/x-www-form-urlencoded';
  const takesToken = operation.security.some((needed) => needed.bearer);
  const forSession = operation.security.some((needed) => needed.session);
  const controls = new Map();
  const shown = h('pre', { tabindex: '0', role: 'group', 'aria-label': 'The request for curl' });
  const answer = h('div', { class: 'answer' });
  let withToken = takesToken && token !== '';

  const text = isForm ? new URLSearchParams(example).toString() : example === undefined ? '' : JSON.stringify(example, null, 2);
  const body = media
    ? h('textarea', { class: 'input input-area input-code', id: 'try-body', rows: '8', spellcheck: 'false', oninput: () => show(), value: text })
    : null;
  const asked = () => {
    const values = new Map([...controls].map(([parameter, element]) => [parameter, element.value]));
    return request(operation, values, body?.value.trim() ?? '', media === '*/*' ? 'application/json' : media);
  };
  const show = () => (shown.textContent = curl(asked(), operation, withToken));

  const inputs = operation.parameters.map((parameter, place) => {
    const id = `try-${place}`;
    const element = control(parameter, id, show);
    controls.set(parameter, element);
    const help = parameter.schema.type === 'array' ? 'One on each line.' : null;
    return labelled(`${parameter.name}${parameter.required ? ' (required)' : ''}`, id, element, help);
  });
  const secret = h('input', {
    class: 'input input-code', id: 'try-token', type: 'password', autocomplete: 'off', spellcheck: 'false', value: token,
    oninput: () => { token = secret.value.trim(); show(); },
  });
  const secretField = labelled('Token', 'try-token', secret, 'A personal access token, or an access token of an app. It is kept in the memory of this page only, and is gone when you leave it.');
  const choose = (name, label, chosen, pick) =>
    h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'try-as', value: name, checked: chosen, onchange: pick }), ' ', label);
  const pick = (uses) => () => {
    withToken = uses;
    secretField.hidden = !uses;
    show();
  };
  secretField.hidden = !withToken;
  const as = takesToken
    ? h('fieldset', { class: 'field' }, h('legend', { class: 'field-label' }, 'Call as'), choose('session', 'Whoever is signed in to the console in this browser', !withToken, pick(false)), choose('token', 'A token', withToken, pick(true)), secretField)
    : forSession ? h('p', { class: 'kind' }, 'It is called as whoever is signed in to the console in this browser.') : null;

  const button = h('button', { type: 'submit', class: 'btn btn-primary' }, 'Send');
  const send = async (event) => {
    event.preventDefault();
    const missing = operation.parameters.find((one) => one.required && controls.get(one).value === '');
    if (missing) {
      answer.replaceChildren(h('p', { class: 'bad' }, `Fill in ${missing.name} first.`));
      say(`Fill in ${missing.name} first.`);
      return controls.get(missing).focus();
    }
    button.setAttribute('aria-disabled', 'true');
    answer.replaceChildren(h('p', { class: 'kind' }, 'Waiting for the answer…'));
    answer.replaceChildren(...(await outcome(asked(), withToken)));
    button.removeAttribute('aria-disabled');
  };
  const changes = operation.method !== 'GET';
  const form = h(
    'form', { class: 'form', novalidate: true, onsubmit: send }, as, inputs,
    body ? labelled(media === '*/*' ? 'Body' : `Body (${media})`, 'try-body', body) : null,
    changes ? h('p', { class: 'kind' }, 'This is no exercise: what it does is done in this deployment.') : null,
    h('div', {}, button),
  );
  show();
  return [form, h('h3', {}, 'The same with curl'), h('div', { class: 'block' }, shown, copyButton('Copy: the request for curl', () => shown.textContent)), h('h3', {}, 'Answer'), answer];
}

/** Sends a request and tells what came of it. */
async function outcome({ method, address, headers, body }, withToken) {
  const began = performance.now();
  let answer;
  let text;
  try {
    answer = await fetch(address, {
      method,
      headers: withToken ? { ...headers, Authorization: `Bearer ${token}` } : headers,
      body: body === '' ? undefined : body,
      credentials: withToken ? 'omit' : 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
    });
    text = await answer.text();
  } catch {
    say('No answer');
    return [h('p', { class: 'bad' }, 'There was no answer. Check your network connection, and whether all that you filled in can stand in a header.')];
  }
  const took = Math.round(performance.now() - began);
  const kind = answer.headers.get('content-type') ?? '';
  if (/json$|json;/.test(kind)) {
    try {
      text = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Shown as it came.
    }
  }
  say(`Answer ${answer.status} after ${took} milliseconds`);
  const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  const long = text.length > 200_000;
  return [
    h('p', {}, h('strong', { class: answer.ok ? 'ok' : 'bad' }, `${answer.status} ${answer.statusText}`.trim()), ` in ${took} ms`),
    answer.status === 401 && !withToken ? h('p', {}, 'Nobody is signed in to the console in this browser. ', h('a', { href: '/' }, 'Sign in'), ' in another tab, or call with a token.') : null,
    h('details', {}, h('summary', {}, 'Headers'), code('Headers of the answer', lines)),
    text ? code('Body of the answer', long ? `${text.slice(0, 200_000)}\n…` : text) : h('p', { class: 'kind' }, 'The answer has no body.'),
  ].filter(Boolean);
}
