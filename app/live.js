// The tab's WebSocket: it hears that something changed, and says so to the pages with events of the window. A page
// then reads anew through the API; nothing here knows what is on it. Fetched once the console stands.
//
//   live:<topic>   something of the topic changed, or may have while nobody listened
//   live:session   who is signed in, or what they may do, may have changed
//   live:lost      what is shown may be out of date, for ten seconds now
//   live:back      it is not any more

/** How often a topic is told at most, in milliseconds. */
const PACE = 1_000;
/** How long the connection may be lost before the reader is told. */
const LOST_AFTER = 10_000;
/** How often it is asked whether the connection stands, and how long an answer may take. */
const ASK_EVERY = 30_000;
const ANSWER_WITHIN = 10_000;
/** The waits between tries, each shortened by chance so that not all tabs come back at once. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** How long after the last key or press somebody is taken to be there: reading anew is a use of the session. */
const THERE_FOR = 3_600_000;
/** What the server closes with (contract/src/types/live.rs). */
const ASK_AGAIN = 4000;
const TOO_MANY = 4001;

/** What a lost message may have been about. Of the log only news are told, so it is not among them at first. */
const TOPICS = ['connections', 'oauthClients', 'users', 'groups', 'tenant', 'webhooks', 'apps', 'tokens', 'gateways'];

let socket;
let tries = 0;
/** Whether it was wanted when it was looked last. */
let framed = false;
let wasOpen = false;
/** Whether the present one has been open. */
let stood = false;
/** The last one was told to ask again. */
let sentAway = false;
/** Closed for good until the reader comes back to this tab. */
let resting = false;
let told = false;
let retry;
let loss;
let asking;
let answer;
let steady;
let there = true;
let leaving;
const waiting = new Set();
const lately = new Map();

const say = (name) => dispatchEvent(new Event(`live:${name}`));
/** Somebody is signed in: the frame of a tenant's pages stands. */
const wanted = () => document.querySelector('.shell:not(.boot)') !== null;
const shown = () => !document.hidden;

/** Somebody is there. */
function moved() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    there = false;
  }, THERE_FOR);
  if (there) return;
  there = true;
  for (const topic of waiting) tell(topic);
}

/** Tells a topic, at most once in a while, and to nobody while nobody looks. */
function tell(topic) {
  waiting.add(topic);
  if (!shown() || !there || lately.has(topic)) return;
  waiting.delete(topic);
  say(topic === 'tenant' ? 'session' : topic);
  const again = () => {
    lately.delete(topic);
    if (waiting.has(topic)) tell(topic);
  };
  lately.set(topic, setTimeout(again, PACE));
}

/** Begins to count the time until the reader is told. */
function lose() {
  if (!loss && !told && shown()) loss = setTimeout(admit, LOST_AFTER);
}

function admit() {
  loss = undefined;
  if (!wanted()) return;
  told = true;
  say('lost');
  // A session that has ended is refused a WebSocket, and a browser does not say why.
  say('session');
}

function regain() {
  clearTimeout(loss);
  loss = undefined;
  if (told) say('back');
  told = false;
}

function ask() {
  if (!shown() || socket?.readyState !== WebSocket.OPEN) return;
  socket.send('ping');
  answer ??= setTimeout(() => drop(socket, 0), ANSWER_WITHIN);
}

function answered() {
  clearTimeout(answer);
  answer = undefined;
}

function opened() {
  stood = true;
  // One that is opened and closed at once is not asked for ever more often.
  steady = setTimeout(() => {
    tries = 0;
  }, LOST_AFTER);
  regain();
  // What happened until now was heard by nobody.
  for (const topic of wasOpen ? [...TOPICS, 'audit'] : TOPICS) tell(topic);
  wasOpen = true;
  clearInterval(asking);
  asking = setInterval(ask, ASK_EVERY);
}

function heard({ data }) {
  if (data === 'pong') {
    answered();
    return;
  }
  for (const { topic } of JSON.parse(data).changes) tell(topic);
}

/** The socket is gone, or as good as gone. */
function drop(gone, code) {
  if (gone !== socket) return;
  socket = undefined;
  clearInterval(asking);
  clearTimeout(steady);
  answered();
  gone.close();
  resting = code === TOO_MANY;
  // One that was sent away comes back if it may. If it may not, who is signed in is to be asked.
  if (sentAway && !stood) say('session');
  sentAway = code === ASK_AGAIN;
  stood = false;
  if (!wanted()) {
    regain();
    return;
  }
  lose();
  const wait = Math.min(FIRST_WAIT * 2 ** tries, LONGEST_WAIT);
  tries += 1;
  clearTimeout(retry);
  retry = setTimeout(open, wait * (0.5 + Math.random() / 2));
}

/** Opens the socket, if it is wanted and not there. */
function open() {
  clearTimeout(retry);
  if (socket || resting || !shown() || !wanted()) return;
  lose();
  const own = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/live`);
  socket = own;
  stood = false;
  own.onopen = opened;
  own.onmessage = heard;
  own.onclose = ({ code }) => drop(own, code);
}

/** Looks whether the reader signed in, or out. */
function look() {
  if (wanted() === framed) return;
  framed = !framed;
  if (framed) {
    open();
  } else if (socket) {
    const gone = socket;
    wasOpen = false;
    tries = 0;
    drop(gone, 0);
  } else {
    regain();
  }
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(loss);
  loss = undefined;
  if (!shown()) return;
  moved();
  resting = false;
  tries = 0;
  if (socket?.readyState === WebSocket.OPEN) ask();
  else if (wanted()) lose();
  open();
  for (const topic of waiting) tell(topic);
});
addEventListener('online', () => {
  tries = 0;
  open();
});
for (const sign of ['keydown', 'pointerdown', 'wheel']) addEventListener(sign, moved, { passive: true });
moved();
// Where one page takes another's place its outermost element may stay, so all changes below are looked at: seldom
// many, each is one question to the selector engine, which finds the frame at once.
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
