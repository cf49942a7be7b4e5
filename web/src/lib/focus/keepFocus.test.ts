import { afterEach, expect, it } from 'vitest';
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
