/** What a page of ours may load: its own files only, and sockets to its own host. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** Sent with every answer, by the Worker and (through `_headers`) with the static files. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY.join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "cross-origin-opener-policy": "same-origin",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
};

/**
 * The policy for pages at `url`. `connect-src 'self'` covers `wss:` to the same host only in newer browsers, so it is
 * named. The reference page's library sets inline styles, which its page alone allows; scripts are never inline.
 */
export function contentSecurityPolicy(url: URL, options: { readonly inlineStyles: boolean }): string {
  const sockets = `${url.protocol === "https:" ? "wss" : "ws"}://${url.host}`;
  return CONTENT_SECURITY_POLICY.map((directive) => {
    if (directive.startsWith("connect-src")) return `${directive} ${sockets}`;
    if (directive.startsWith("style-src") && options.inlineStyles) return `${directive} 'unsafe-inline'`;
    return directive;
  }).join("; ");
}
