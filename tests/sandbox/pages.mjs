// The HTML of the sandbox: plain documents without scripts, styled by style.css.

import { CLIENTS, OPTIONAL_SCOPES, PASSWORD, PEOPLE, SCOPES, apiKeyOf, bearerOf } from './people.mjs';

/**
 * Makes a text harmless inside HTML.
 * @param {unknown} text
 */
export function escape(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * @param {string} title
 * @param {string} body
 * @param {{wide?: boolean}} [options]
 */
function page(title, body, { wide = false } = {}) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Sandbox CRM — development only</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p class="brand"><strong>Sandbox CRM</strong> <span class="badge">development only</span></p></header>
<main${wide ? ' class="wide"' : ''}>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/**
 * The page on which one of the demo people is chosen.
 * @param {{clientName: string, signedIn?: string, hint?: string}} view
 */
export function signInPage({ clientName, signedIn, hint }) {
  const people = PEOPLE.map((person) => {
    const notes = [];
    if (person.id === signedIn) notes.push('signed in');
    if (hint && [person.id, person.email].includes(hint)) notes.push('suggested');
    const note = notes.length ? ` <span class="note">${notes.join(', ')}</span>` : '';
    return `<li><button class="person" name="person" value="${person.id}">
<span class="name">${escape(person.name)}</span>${note}
<span class="email">${escape(person.email)}</span></button></li>`;
  });
  return page(
    'Sign in',
    `<p>Choose who signs in, to go on to <strong>${escape(clientName)}</strong>. No password is needed: these are invented people.</p>
<form method="post"><ul class="people">${people.join('\n')}</ul></form>`,
  );
}

/**
 * The page on which the signed-in person allows or denies.
 * @param {{clientName: string, person: {name: string, email: string}, scopes: string[]}} view
 */
export function consentPage({ clientName, person, scopes }) {
  const fixed = scopes.filter((scope) => !OPTIONAL_SCOPES.includes(scope));
  const optional = scopes.filter((scope) => OPTIONAL_SCOPES.includes(scope));
  const list = fixed.map((scope) => `<li>${escape(SCOPES[scope])}</li>`).join('');
  const boxes = optional
    .map(
      (scope) => `<p><label><input type="checkbox" name="scope" value="${scope}" checked>
${escape(SCOPES[scope])}</label></p>`,
    )
    .join('\n');
  return page(
    `Allow ${clientName}?`,
    `<p>You are signed in as <strong>${escape(person.name)}</strong> (${escape(person.email)}). <a href="?people=1">Use another person</a></p>
<form method="post">
${list ? `<p>${escape(clientName)} would like to:</p><ul>${list}</ul>` : ''}
${boxes ? `<fieldset><legend>You may untick these</legend>${boxes}</fieldset>` : ''}
<p class="actions"><button class="main" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></p>
</form>`,
  );
}

/**
 * A refusal in words.
 * @param {string} title
 * @param {string} words
 * @param {string} [code]
 */
export function errorPage(title, words, code) {
  return page(
    title,
    `<p>${escape(words)}</p>${code ? `<p>Error code: <code>${escape(code)}</code></p>` : ''}
<p>Go back to the application and start again from there.</p>`,
  );
}

/**
 * The start page: everything that a newcomer needs to connect.
 * @param {string} origin
 */
export function homePage(origin) {
  const row = (label, value) => `<tr><th scope="row">${label}</th><td><code>${escape(value)}</code></td></tr>`;
  const clients = CLIENTS.map(
    (one) => `<tr><td><code>${one.clientId}</code></td><td><code>${one.clientSecret}</code></td><td><code>${one.authMethod}</code></td></tr>`,
  );
  const people = PEOPLE.map(
    (one) => `<tr><th scope="row">${one.name}</th><td><code>${one.id}</code></td><td>${one.email}</td>
<td><code>${apiKeyOf(one.id)}</code></td><td><code>${bearerOf(one.id)}</code></td></tr>`,
  );
  return page(
    'A customer database to connect to',
    `<p>An invented service with a real authorization server, for trying and testing connections. Everything in it is made up and kept on this machine. <a href="/sandbox">Provoke failures</a></p>
<h2>OAuth 2.0</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Endpoints"><table>
${row('Authorization', `${origin}/oauth/authorize`)}
${row('Token', `${origin}/oauth/token`)}
${row('Revocation', `${origin}/oauth/revoke`)}
${row('Discovery', `${origin}/.well-known/openid-configuration`)}
${row('Scopes', Object.keys(SCOPES).join(' '))}
${row('PKCE', 'S256, required')}
</table></div>
<div class="scroll" tabindex="0" role="region" aria-label="Clients"><table>
<thead><tr><th scope="col">Client id</th><th scope="col">Client secret</th><th scope="col">Way to authenticate</th></tr></thead>
<tbody>${clients.join('')}</tbody></table></div>
<h2>Other ways to authenticate</h2>
<ul>
<li>API key: <code>/generic/me</code> with the header <code>X-Api-Key</code> or the query <code>?api_key=</code></li>
<li>Basic: <code>/generic/basic/me</code> with the user of a person and the password <code>${PASSWORD}</code></li>
<li>Bearer: <code>/generic/bearer/me</code> with the header <code>Authorization: Bearer …</code></li>
</ul>
<div class="scroll" tabindex="0" role="region" aria-label="People"><table>
<thead><tr><th scope="col">Person</th><th scope="col">User</th><th scope="col">Email</th><th scope="col">API key</th><th scope="col">Bearer token</th></tr></thead>
<tbody>${people.join('')}</tbody></table></div>
<h2>API</h2>
<ul>
<li><code>GET /api/me</code></li>
<li><code>GET /api/contacts?q=&amp;limit=&amp;cursor=</code>, <code>POST /api/contacts</code></li>
<li><code>GET</code>, <code>PATCH</code>, <code>DELETE /api/contacts/{id}</code></li>
<li><code>GET /api/lookups/tags</code></li>
</ul>`,
    { wide: true },
  );
}

/**
 * The page with the switches, for developers.
 * @param {{switches: any[], presets: Record<string, {label: string, help: string}>,
 *   notice?: string, draft?: string}} view
 */
export function switchesPage({ switches, presets, notice, draft = '' }) {
  const buttons = Object.entries(presets).map(
    ([id, { label, help }]) =>
      `<li><button name="preset" value="${id}">${escape(label)}</button> <span class="note">${escape(help)}</span></li>`,
  );
  const on = switches.map(
    (one) => `<li><code>${escape(JSON.stringify(one))}</code>
<form method="post" class="inline"><button name="remove" value="${one.id}">Remove<span class="hidden"> ${escape(one.kind)} ${one.id}</span></button></form></li>`,
  );
  return page(
    'Switches',
    `${notice ? `<p class="notice" role="status">${escape(notice)}</p>` : ''}
<p><a href="/">Start page</a> · <a href="/sandbox/log">Recorded requests</a></p>
<h2>On now</h2>
${on.length ? `<ul class="on">${on.join('\n')}</ul>` : '<p>None: everything works.</p>'}
<form method="post"><p><button name="reset" value="1">Reset everything that was changed here</button></p></form>
<h2>Provoke</h2>
<form method="post">
<fieldset><legend>How often</legend>
<p><label><input type="radio" name="times" value="1" checked> Once</label>
<label><input type="radio" name="times" value=""> Until removed</label></p></fieldset>
<ul class="presets">${buttons.join('\n')}</ul>
</form>
<h2>By hand</h2>
<form method="post">
<p><label for="json">A switch as JSON</label></p>
<p><textarea id="json" name="json" rows="4" spellcheck="false" placeholder='{"kind":"status","status":503,"path":"/api/contacts","times":2}'>${escape(draft)}</textarea></p>
<p><button>Turn on</button></p>
</form>`,
    { wide: true },
  );
}
