import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from './preferences.ts';
import { propertiesOf, themeOf, useAppearance } from './theme.ts';

/** Puts language and appearance on everything inside, antd's components and our own alike. */
export function Dressed({ children }: { readonly children: ReactNode }) {
  const { language } = usePreferences();
  const appearance = useAppearance();
  const { t, i18n } = useTranslation();

  useLayoutEffect(() => {
    if (i18n.language !== language) void i18n.changeLanguage(language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = t('product.name', { lng: language });
  }, [language, i18n, t]);

  useLayoutEffect(() => {
    const { style } = document.documentElement;
    style.colorScheme = appearance;
    for (const [name, colour] of Object.entries(propertiesOf(appearance))) style.setProperty(name, colour);
  }, [appearance]);

  return (
    <ConfigProvider
      theme={themeOf(appearance)}
      locale={language === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
