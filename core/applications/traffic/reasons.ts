/** Why an event is not counted, in the order in which reasons are tried: an event has the first that holds. */
import type { Words } from '../words.ts';

export const invalidReasons = {
  'listed-crawler': { en: 'the user agent is on the published list of crawlers', zh: '用户代理在已公布的爬虫名单上' },
  'not-a-browser': {
    en: 'the user agent names a program, or no device and no browser',
    zh: '用户代理是程序，或没有写明设备和浏览器',
  },
  'automatic-visitor': {
    en: 'another event of the same visitor was made by a crawler or a program',
    zh: '同一访客的其他事件来自爬虫或程序',
  },
  'address-rate': { en: 'more from one address than people make', zh: '同一地址的次数超出正常人为范围' },
  'device-rate': { en: 'more from one device than a person makes', zh: '同一设备的次数超出正常人为范围' },
  'person-rate': { en: 'more by one visitor than a person makes', zh: '同一访客的次数超出正常人为范围' },
  'duplicate-click': { en: 'the same click again within the same second', zh: '同一秒内的重复点击' },
  'impossible-sequence': { en: 'a click on what had not been shown', zh: '点击了尚未曝光的内容' },
} as const satisfies Record<string, Words>;

export type InvalidReason = keyof typeof invalidReasons;
