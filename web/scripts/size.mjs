/**
 * Weighs the patient's join path: the gzipped JavaScript of everything that the clinic's page, the
 * sign-in, the intake, the waiting room and the call's page load up to its button Join, each file
 * counted once, in one language. What runs in the call itself is fetched while one looks in the
 * mirror, and has a limit of its own with all before it. Fails above either limit. Reads Vite's manifest, so `vite build` has to come first.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 185 * 1024;
const LIMIT_IN_CALL = 197 * 1024;
const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(WEB, 'dist');

/** The pages in the order that a patient sees them, and the shells they stand in. */
const STEPS = [
  { name: 'app', sources: ['index.html', 'src/lib/i18n/messages/en.json'] },
  { name: 'clinic page', address: '/c/$slug' },
  { name: 'sign-in', address: '/c/$slug/sign-in' },
  { name: 'intake', address: '/visit/$visitId/intake', sources: ['src/app/shells/FocusShell.tsx'] },
  { name: 'waiting room', address: '/visit/$visitId/waiting' },
  { name: 'call', address: '/visit/$visitId/call' },
];

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'));

const IN_CALL = [
  'src/features/visits/call/InCall.tsx',
  'src/features/visits/call/messages/en.json',
];

/** The page's source file and its slice's catalogue, from the route that has this address. */
function page(address) {
  for (const file of routeFiles()) {
    const text = readFileSync(file, 'utf8');
    const at = text.indexOf(`path: '${address}'`);
    if (at < 0) continue;
    const found = /page\(\s*'([\w-]+)',\s*\(\) =>\s*import\(\s*'([^']+)'/.exec(text.slice(at));
    if (!found) break;
    const source = relative(WEB, resolve(dirname(file), `${found[2]}.tsx`));
    const catalogue = `src/features/${found[1]}/messages/en.json`;
    return manifest[catalogue] ? [source, catalogue] : [source];
  }
  throw new Error(`No route has the address ${address}`);
}

function routeFiles() {
  return readdirSync(join(WEB, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(app|features)\/.*routes\w*\.tsx$/.test(file))
    .map((file) => join(WEB, 'src', file));
}

/** All files of JavaScript that a source brings along by itself. */
function files(source, found = new Set()) {
  const entry = manifest[source];
  if (!entry) throw new Error(`${source} is not in the build`);
  if (found.has(entry.file)) return found;
  if (entry.file.endsWith('.js')) found.add(entry.file);
  for (const imported of entry.imports ?? []) files(imported, found);
  return found;
}

const packed = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);

const counted = new Set();

/** What these sources add to what was counted before. */
function weigh(sources) {
  let added = 0;
  for (const file of sources.flatMap((source) => [...files(source)])) {
    if (counted.has(file)) continue;
    counted.add(file);
    added += packed(file);
  }
  return added;
}

let total = 0;
function step(name, sources) {
  const added = weigh(sources);
  total += added;
  console.log(`${name.padEnd(14)}${kb(added)}${kb(total)}`);
}

function hold(limit) {
  console.log(`${'limit'.padEnd(14)}${''.padStart(10)}${kb(limit)}`);
  if (total <= limit) return;
  console.error('The join path is too heavy for a phone on a slow network.');
  process.exitCode = 1;
}

for (const { name, address, sources = [] } of STEPS) {
  step(name, [...sources, ...(address ? page(address) : [])]);
}
hold(LIMIT);
step('in the call', IN_CALL);
hold(LIMIT_IN_CALL);
