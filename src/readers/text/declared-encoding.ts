/** The encoding that an XML declaration or a `meta` tag in the first bytes names, if any. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  const xml = /^[^<]{0,8}<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start);
  return (xml ?? META.exec(start))?.[1];
}

const META = /<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]+)/i;
