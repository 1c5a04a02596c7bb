/** A first guess at how sensitive a column is, by its name and what its values look like. A person confirms it. */
import type { Grade } from '../import/types.ts';

const sensitiveName =
  /身份证|证件|护照|银行|卡号|账号|收入|工资|薪|资产|病|健康|医|诊|血|宗教|民族|种族|政治|性取向|经度|纬度|定位|轨迹|密码|id_?card|identity|passport|bank|card_?no|iban|account_?(no|num)|income|salary|wage|health|disease|diagnos|medical|religio|ethnic|race|politic|sexual|latitude|longitude|\blat\b|\blng\b|\blon\b|geo|password|ssn/i;
const personalName =
  /姓名|名字|昵称|手机|电话|邮箱|地址|住址|生日|出生|年龄|性别|微信|学历|职业|婚|车牌|name|phone|mobile|tel|mail|address|birth|\bdob\b|age$|^age|gender|sex|marital|education|occupation|job|\bip\b|ip_?addr|user_?agent|device|openid|unionid|imei|idfa|oaid|gaid|caid|\bmac\b|user_?id|customer_?id|member_?id/i;
const publicName =
  /^(国家|省|省份|城市|城市等级|country|province|state|region|city|city_?tier|year|month|年|月|currency|币种)$/i;

/** 18 digits with the check of GB 11643; a payment card's 16 to 19 with Luhn's. */
const sensitiveValue = (value: string) =>
  /^\d{17}[\dXx]$/.test(value) || (/^[3-6]\d{15,18}$/.test(value) && luhn(value));

/** @param values the filled cells of a sample. */
export function guessGrade(name: string, values: readonly string[], looksLikeId: boolean): Grade {
  if (sensitiveName.test(name) || mostly(values, sensitiveValue)) return 'sensitive';
  if (looksLikeId || personalName.test(name)) return 'personal';
  if (publicName.test(name.trim())) return 'public';
  return 'internal';
}

function mostly(values: readonly string[], test: (value: string) => boolean): boolean {
  return values.length > 0 && values.filter((value) => test(value.trim())).length > values.length / 2;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
