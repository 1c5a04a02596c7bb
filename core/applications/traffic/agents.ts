/**
 * What a user agent says about itself. Beside published lists of crawlers: a text that names no device and no browser engine is a program's, and so
 * is one that bears a mark below. Marks are regular expressions that JavaScript and RE2 read alike, over the text in lower case.
 */

/** A device, an operating system or a browser engine: people's browsers and apps name one. */
const platforms = [
  'android',
  'iphone',
  'ipad',
  'ipod',
  '(^|[^a-z])ios([^a-z]|$)',
  'windows',
  'win(10|32|64|9[0-9])',
  'linux',
  'x11',
  'mac(intosh|_powerpc| os| 10)',
  'darwin',
  'cfnetwork',
  'symbian',
  'series ?60',
  'midp',
  'blackberry',
  'bb10',
  'nokia',
  'samsung',
  '(^|[^a-z])(mot|lg|htc)[- ]',
  'amiga',
  'morphos',
  'tizen',
  'playstation',
  'nintendo',
  'roku',
  'bsd',
  'sunos',
  'cygwin',
  'beos',
  'haiku',
  'kaios',
  'dalvik',
  'lynx',
  'inferno',
  '[^a-z]java;',
  'applewebkit',
  'gecko',
  'khtml',
  'msie',
  'msoffice',
  'outlook',
  'googleapp',
  'pinterest',
  'mozac',
];

/** What programs call themselves, by what they do. */
const marks: Readonly<Record<string, readonly string[]>> = {
  // Phones called Cubot and a service called fuboTV are none.
  robots: [
    '(^|[^u]|(^|[^cf])u)bots?([^a-z]|$)',
    'robot',
    'crawl',
    'spider',
    'scrap(er|y|ing)',
    'slurp',
    'harvest',
    'extract',
    'index(er|ing)',
    'search console',
  ],
  fetchers: [
    'fetch',
    'preview',
    'expander',
    'transcoder',
    'weblight',
    '(image|email) ?proxy',
    'hydra',
    'secureurl',
    'duplexweb',
    'pageburst',
    'thumbor',
    'getter/',
    '^whatsapp/',
    '^(duckduckgo/|ddg[-_])',
    'swcd',
    '^spotify/',
    'googlemessages',
  ],
  checkers: [
    'monitor',
    'health ?-?(check|service)',
    'probe',
    '(^|[^m])scann(er|ing)',
    'audit',
    'analy[sz]er',
    'inspect',
    'validat',
    'checker',
    'verif',
    'synthetic',
    'observatory',
    'page ?speed',
    'lighthouse',
    'benchmark',
    'site24x7',
    'semantics',
    'dejaclick',
    'gomezagent',
    'wechatdevtools',
    'advisor$',
    'clamav',
    'cryptoapi',
  ],
  readers: [
    'rss([^a-z0-9]|$)',
    'rssowl',
    'feed',
    'subscribers',
    '(^|[^a-z])(reader|readkit|reeder)/',
    'downcast',
    'episode',
  ],
  libraries: [
    'curl',
    'wget',
    'python',
    'perl',
    'ruby',
    '(^|[^a-z])java/',
    'php',
    'okhttp',
    'go-http',
    'http-?client',
    'axios',
    'urllib',
    'aiohttp',
    'guzzle',
    'grpc',
    'resty',
    'undici',
    'logic-apps',
  ],
  automation: [
    'headless',
    'phantomjs',
    'selenium',
    'webdriver',
    'puppeteer',
    'playwright',
    'cypress',
    'cursor/',
    'claude',
    'openai',
    'gpt',
    'sparkler',
    'mixnode',
    'offbyone',
    'mutant',
  ],
  advertising: ['mediapartners', 'adwords', 'google_partner'],
  // Whoever gives a page or an address to write to runs a program.
  contact: ['https?://', 'www[.]', '[a-z0-9_.-]+@[a-z0-9-]*[a-z][a-z0-9-]*[.][a-z]'],
  // One bare word or nothing, an identity put before another one, a request line, code.
  forged: [
    '^[a-z0-9]*$',
    '^[^(]*[,|] ?mozilla/',
    '^(get|post|head) /',
    'chrome/[0-9.]+mqqbrowser',
    'select |load_file|<[?]|fake',
  ],
};

/** Apps and browsers for people that lists of crawlers name, or whose parts look like programs. */
const people = ['safari/[0-9.]+ viber', '^viber/[0-9.]+ cfnetwork', 'slack_ssb/', '^mozacfetch/'];

/** Patterns over the text in lower case: a person's where `people` is found; else a program's unless `platforms` is found and `marks` is not. */
export const agentPatterns = {
  platforms: platforms.join('|'),
  marks: Object.values(marks).flat().join('|'),
  people: people.join('|'),
} as const;

const compiled = {
  platforms: new RegExp(agentPatterns.platforms),
  marks: new RegExp(agentPatterns.marks),
  people: new RegExp(agentPatterns.people),
};

/** @returns whether a text is a program's by the patterns above; published lists are another matter. */
export function agentReason(agent: string): 'not-a-browser' | undefined {
  const text = agent.toLowerCase();
  if (compiled.people.test(text)) return undefined;
  return compiled.platforms.test(text) && !compiled.marks.test(text) ? undefined : 'not-a-browser';
}
