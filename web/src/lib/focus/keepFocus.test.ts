import { afterEach, describe, expect, it } from 'vitest';
import { keepFocus } from './keepFocus';

let stop = () => {};
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

const settled = () => new Promise((done) => setTimeout(done));

/** A button that has the keyboard and waits: it is disabled, and the browser has taken the keyboard from it. */
async function waits() {
  stop = keepFocus();
  const [button, field] = [document.createElement('button'), document.createElement('input')];
  document.body.append(button, field);
  button.focus();
  button.blur();
  button.disabled = true;
  await settled();
  expect(document.activeElement).toBe(document.body);
  return { button, field };
}

it('gives the keyboard back to a button that has got its answer', async () => {
  const { button } = await waits();
  button.disabled = false;
  await settled();
  expect(document.activeElement).toBe(button);
});

it('also when a dialog had it meanwhile', async () => {
  const { button } = await waits();
  const dialog = document.createElement('input');
  document.body.append(dialog);
  dialog.focus();
  dialog.blur();
  dialog.remove();
  button.disabled = false;
  await settled();
  expect(document.activeElement).toBe(button);
});

it('leaves it to whoever has moved on', async () => {
  const { button, field } = await waits();
  field.focus();
  button.disabled = false;
  await settled();
  expect(document.activeElement).toBe(field);
});

it('and to whoever pressed on nothing', async () => {
  const { button } = await waits();
  document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  button.disabled = false;
  await settled();
  expect(document.activeElement).toBe(document.body);
});

describe('a list whose rows are taken away', () => {
  function list(rows: number, tag: 'li' | 'fieldset') {
    stop = keepFocus();
    const section = document.createElement('section');
    section.innerHTML = `<h2>Rows</h2><div>${Array.from(
      { length: rows },
      (_, row) => `<${tag}><button>edit ${row}</button><button>remove ${row}</button></${tag}>`,
    ).join('')}</div>`;
    document.body.append(section);
    return section;
  }
  const button = (text: string) =>
    [...document.querySelectorAll('button')].find((each) => each.textContent === text);
  async function remove(row: number) {
    button(`remove ${row}`)?.focus();
    button(`remove ${row}`)?.parentElement?.remove();
    await settled();
  }

  it.each(['li', 'fieldset'] as const)('keeps the keyboard: %s', async (tag) => {
    const section = list(3, tag);
    await remove(1);
    expect(document.activeElement).toBe(button('remove 2'));
    await remove(2);
    expect(document.activeElement).toBe(button('remove 0'));
    await remove(0);
    expect(document.activeElement).toBe(section.querySelector('h2'));
  });

  it('leaves it to a page that has taken it', async () => {
    const section = list(2, 'li');
    button('remove 0')?.focus();
    section.remove();
    await settled();
    expect(document.activeElement).toBe(document.body);
  });
});
