// A respondent in Chromium:  node respondent.mjs <chromium> <scenario> <url>
//
//   rules       no violation of WCAG 2.2 A and AA on the page, nor on the page with every problem
//   walk        the same on every page of a survey of all kinds, and on the thanks, while it is answered
//   keyboard    from the first page to the thanks without a mouse
//   scriptless  the same with scripts switched off
//
// In every scenario nothing may be loaded from elsewhere. Exits with 1 and says what is wrong.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [executablePath, scenario, url] = process.argv.slice(2);
const axeSource = createRequire(import.meta.url)('axe-core').source;
const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

async function checkRules(page) {
  await page.evaluate(axeSource);
  const results = await page.evaluate((values) => axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  const found = results.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => n.html).join('\n    ')}`);
  assert.equal(found.length, 0, `${page.url()} (${await page.title()}):\n${found.join('\n')}`);
}

async function send(page) {
  await Promise.all([page.waitForNavigation(), page.click('.actions .go')]);
}

// Fills in whatever the page asks.
async function answer(page) {
  for (const group of await page.$$('fieldset')) {
    if (await group.$('fieldset')) continue;
    const choice = await group.$('input[type=radio], input[type=checkbox]');
    if (choice) await choice.check();
    let place = 1;
    for (const select of await group.$$('.rank select')) await select.selectOption(String(place++));
  }
  for (const [selector, value] of [['input[type=email]', 'ada@example.com'], ['textarea', 'Fine.'],
    ['input[inputmode=decimal], input[inputmode=numeric]', '5'], ['input[type=date]', '2026-01-31']]) {
    for (const field of await page.$$(selector)) await field.fill(value);
  }
}

const scenarios = {
  async rules(page) {
    await checkRules(page);
    if (!(await page.$('.actions .go'))) return;
    await send(page);
    assert.match(await page.title(), /^Error:/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'problems', 'the summary has the focus');
    await checkRules(page);
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `scrolls sideways at 320 px: ${wide}`);
  },
  async walk(page) {
    let pages = 0;
    while (await page.$('.actions .go')) {
      assert.ok(++pages < 30, `stuck at ${page.url()}`);
      await checkRules(page);
      await answer(page);
      await send(page);
    }
    assert.ok(pages >= 13, `only ${pages} pages`);
    await checkRules(page);
  },
  async keyboard(page) {
    const focusOn = async (selector) => {
      for (let i = 0; i < 30; ++i) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
      }
      assert.fail(`${selector} cannot be reached`);
    };
    const enter = () => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await focusOn('input[name="q.recommend"]');
    await page.keyboard.press('ArrowRight');
    await enter();
    await focusOn('input[name="q.why"]');
    await page.keyboard.type('Rain');
    await enter();
    await focusOn('input[value=staff]');
    await page.keyboard.press('Space');
    await focusOn('.actions .go');
    await enter();
    assert.equal(await page.textContent('h1'), 'All done');
  },
  async scriptless(page) {
    await page.locator('input[value="9"]').check();
    await send(page);
    await page.locator('input[value=price]').check();
    await send(page);
    assert.equal(await page.textContent('h1'), 'All done');
  },
};

const browser = await chromium.launch({
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const context = await browser.newContext({ javaScriptEnabled: scenario !== 'scriptless', locale: 'en-GB' });
  const page = await context.newPage();
  const origin = new URL(url).origin;
  const foreign = [];
  page.on('request', (request) => { if (!request.url().startsWith(origin)) foreign.push(request.url()); });
  await page.goto(url);
  await scenarios[scenario](page);
  assert.deepEqual(foreign, []);
  assert.deepEqual(await context.cookies(), []);
} catch (error) {
  console.error(`${scenario}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
