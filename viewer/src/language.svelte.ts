// The language people read, kept for their next visit on this device.
import { languageTag, type Language } from './words';

const KEPT = 'catchment.language';

function kept(): Language {
  try {
    return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

export const tongue: { now: Language } = $state({ now: kept() });

export function switchLanguage() {
  tongue.now = tongue.now === 'zh' ? 'en' : 'zh';
  try {
    localStorage.setItem(KEPT, tongue.now);
  } catch {
    // A browser that keeps nothing shows the other language until it is left.
  }
}

export const otherTag = () => languageTag[tongue.now === 'zh' ? 'en' : 'zh'];
