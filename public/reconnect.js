// The page of a reconnect link: says what it is for, and starts the sign-in at the provider. What stands after the
// hash in the address is the link's secret; the browser sends it to nobody by itself.
const at = (id) => document.getElementById(id);
const secret = location.hash.slice(1);
const api = `/api/v1/reconnect-links/${encodeURIComponent(secret)}`;
const gone = 'This link is not good any more. Ask the person who sent it for a new one.';
const unreachable = 'Drawbridge cannot be reached. Check your network connection, then reload this page.';

/** Asks the server; a refusal is thrown as words for the reader. */
async function ask(address, method) {
  const answer = await fetch(address, { method }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!body) throw unreachable;
  if (!answer.ok) throw body.detail || gone;
  return body;
}

/** Says how it went, in the place of everything else. */
function end(title, words) {
  at('title').textContent = title;
  at('words').textContent = words;
  for (const id of ['facts', 'note', 'start']) at(id).hidden = true;
}

function fact(name, value) {
  const [term, text] = [document.createElement('dt'), document.createElement('dd')];
  term.textContent = name;
  text.textContent = value;
  at('facts').append(term, text);
}

async function start() {
  at('start').disabled = true;
  at('words').textContent = 'Going to the sign-in…';
  try {
    const { authorizationUrl } = await ask(`${api}/start`, 'POST');
    location.assign(authorizationUrl);
  } catch (words) {
    end('Not connected', words);
  }
}

async function show() {
  if (!secret) return end('This address is not complete', 'Open the link as it was sent to you, with all that stands after the #.');
  try {
    const link = await ask(api, 'GET');
    at('title').textContent = `Reconnect “${link.connectionName}”`;
    document.title = `Reconnect “${link.connectionName}” · Drawbridge`;
    at('words').textContent = `${link.askedBy} of ${link.tenantName} asks you to sign in to ${link.connector.name} again, so that this connection works.`;
    if (link.signInAs) fact('Sign in as', link.signInAs);
    fact('The link ends', new Date(link.expiresAt).toLocaleString());
    at('start').textContent = `Sign in at ${link.connector.name}`;
    for (const id of ['facts', 'note', 'start']) at(id).hidden = false;
    at('start').addEventListener('click', start);
  } catch (words) {
    end('This link cannot be used', words);
  }
}

// Another link in the same window is another page; and whoever comes back from the provider starts afresh.
addEventListener('hashchange', () => location.reload());
addEventListener('pageshow', (event) => event.persisted && location.reload());
show();
