/**
 * Gives the nonce of this page's answer to every style that scripts of the page add while they run.
 *
 * The node's policy refuses inline styles, so that markup which got into the page cannot dress it. antd writes its components' styles while it runs
 * and takes a nonce for most of them; those that measure scroll bars and hold the page still behind a dialog take none (antd 6.6). Scripts
 * of the page could read the nonce anyway: nothing is let in that was kept out before.
 */
export function carryStyleNonce(page: Document): void {
  const nonce = page.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  if (nonce === undefined) return;
  const create = page.createElement.bind(page);
  page.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
