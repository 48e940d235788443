#!/usr/bin/env python3
"""The code a second factor shows now (RFC 6238): one_time_code.py 'otpauth://totp/...?secret=...'"""
import base64, hashlib, hmac, re, struct, sys, time

found = re.search(r'[?&]secret=([A-Z2-7]+)', sys.argv[1] if len(sys.argv) > 1 else '')
if not found:
    sys.exit('name an account of run/second-factors')
secret = found.group(1)
key = base64.b32decode(secret + '=' * (-len(secret) % 8))
mac = hmac.new(key, struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()
at = mac[19] & 15
print(f'{(struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}')
