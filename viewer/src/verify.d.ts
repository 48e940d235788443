// SHA-256 of verify/verify.html, put in by the build (vite.config.ts).
declare const __VERIFY_HASH__: string;
