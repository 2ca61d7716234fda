// Elements, made with little code. Nothing is ever read as HTML.

/** An element with attributes, listeners (`onclick`) and children; children that are null or false are left out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value') element.value = value;
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Words with `code` between backticks. */
export function words(text) {
  return text.split('`').map((part, place) => (place % 2 ? h('code', {}, part) : part));
}

/** Paragraphs of such words. */
export const paragraphs = (text) => text.split('\n\n').filter(Boolean).map((part) => h('p', {}, words(part)));

/** Says something to those who listen to the page. */
export function say(text) {
  const place = document.getElementById('said');
  place.textContent = '';
  requestAnimationFrame(() => (place.textContent = text));
}

/** A button that copies a text and says so in its place. */
export function copyButton(label, text, shown = 'Copy') {
  const face = h('span', {}, shown);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      face.textContent = 'Copied';
      say('Copied');
    } catch {
      face.textContent = 'Not copied';
      say('The browser did not allow copying. Select the text and copy it yourself.');
    }
    setTimeout(() => (face.textContent = shown), 2000);
  };
  return h('button', { type: 'button', class: 'btn btn-secondary btn-small copy', 'aria-label': label, onclick: copy }, face);
}

/** A block of code that can be copied, and scrolled with the keyboard. */
export function code(label, text, kind = '') {
  const pre = h('pre', { tabindex: '0', role: 'group', 'aria-label': label, class: kind }, text);
  return h('div', { class: 'block' }, pre, copyButton(`Copy: ${label}`, () => pre.textContent));
}
