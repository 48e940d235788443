import type { Plugin } from 'vite';

export declare const verifyHash: string;
export declare const verifyPage: Plugin;
