// page.mjs - the page's rows of bench/run: what its scripts weigh and how soon it is ready, in Debian's Chromium against a real node.
// "Until an item can be labelled": signed in by hand, through the start page, to an item with a note and a film. "Ready": such an item
// opened by its address with an empty cache, from the start of the navigation until its note, its film and its labels are drawn.
import fs from 'node:fs';
import path from 'node:path';

const ROUNDS = 5;
const REST_MS = 4000; // what comes once the page is at rest has come by then
const kB = (n) => `${(n / 1000).toFixed(1)} kB`;
const ms = (n) => `${Math.round(n)} ms`;
const NOTE = 'History: cough since 3 days.\nNo fever. Solitary pulmonary nodule in the left upper zone.\nStart ceftriaxone 2 g IV OD.\n';

/** The scripts the page has fetched: bytes as they went over the wire. */
const scripts = (page) => page.evaluate(() => performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.js')).reduce((n, r) => n + r.encodedBodySize, 0));

/** Noted in the page itself, in the frame in which all that one needs to begin is there. */
function watch() {
  const look = () => {
    if (document.querySelector('.lines .ln') && document.querySelector('.film canvas') && document.querySelector('.lt')) window.__ready = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function opened(visit, site, state, id, slower) {
  const { page, context, close } = await visit({ url: site.url }, { hash: '#/none' });
  await context.addCookies(state.cookies);
  const fresh = await context.newPage();
  await fresh.addInitScript(watch);
  const session = await context.newCDPSession(fresh);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  if (slower > 1) await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.close();
  await fresh.goto(`${site.url}/#/work/${id}`);
  await fresh.waitForFunction(() => window.__ready !== undefined);
  const at = await fresh.evaluate(() => window.__ready);
  await close();
  return at;
}

export async function pageRows(build, row, median) {
  process.env.CLOISTER_WEB_MODULES ??= path.join(build, 'web/packages/node_modules');
  const dist = path.join(build, 'web/dist');
  const all = fs.readdirSync(dist).filter((f) => f.endsWith('.js.gz')).reduce((n, f) => n + fs.statSync(path.join(dist, f)).size, 0);
  const { closeBrowser, signIn, visit } = await import('../tests/browser/harness.mjs');
  const { bringRecords, film } = await import('../tests/browser/site.mjs');
  const { PASSWORD, Site } = await import('../tests/integration/lib.mjs');
  const site = await Site.made('site-a');
  site.url = `http://site-a.localhost:${site.port}`;
  try {
    const campaign = await site.campaign();
    const ann = await site.person('ann', 'annotator');
    bringRecords(site, { 'p1/s1/note.txt': NOTE, 'p1/s1/film.png': film() });
    const { id } = (await ann.must('POST', '/api/next', { campaign })).json;

    const first = await visit({ url: site.url });
    await signIn(first.page, { user: 'ann', password: PASSWORD });
    await first.page.waitForSelector('.queue');
    await first.page.keyboard.press('Enter');
    await first.page.waitForSelector('.lines .ln');
    await first.page.waitForSelector('.film canvas');
    const begin = await scripts(first.page);
    await first.page.waitForTimeout(REST_MS);
    const used = await scripts(first.page);
    const state = await first.context.storageState();
    await first.close();
    row('page: scripts until an item can be labelled', kB(begin), '', '', '<= 60 kB');
    row('page: all an annotator loads', kB(used), '', '', '');
    row('page: all scripts of all roles', kB(all), '', '', '');

    for (const [slower, aim] of [[1, 160], [4, 460]]) {
      const times = [];
      for (let n = 0; n < ROUNDS; n++) times.push(await opened(visit, site, state, id, slower));
      row(`page: ready${slower > 1 ? `, CPU slowed ${slower}x` : ''}, median of ${ROUNDS}`, ms(median(times)), '', '', `<= ${aim} ms, the prototype's`);
    }
  } finally {
    await closeBrowser();
    await site.stop();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const build = (process.env.CLOISTER_BUILD ??= new URL('../build/release', import.meta.url).pathname);
  await pageRows(build, (what, ours, raw, ratio, aim) => console.log(`${what.padEnd(46)} ${String(ours).padStart(16)}  ${aim}`), (l) => [...l].sort((a, b) => a - b)[Math.floor(l.length / 2)]);
  process.exit(0);
}
