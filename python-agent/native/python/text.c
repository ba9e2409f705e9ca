#include "python/text.h"
#include <string.h>

int text_of(const Python *py, const char *str, Text *text) {
    u32 state = half_at(str, STR_STATE);
    if (py->layout.str_ascii < 0 || !(state & 0x20)) return 0;                        /* not compact: kept elsewhere */
    if (py->layout.str_ready > 0 && !(state & (u32)py->layout.str_ready)) return 0;
    text->kind = (u8)(state >> 2 & 7);
    text->length = word_at(str, STR_LENGTH);
    text->data = (const u8 *)str + (state & 0x40 ? py->layout.str_ascii : py->layout.str_wide);
    return text->kind == 1 || text->kind == 2 || text->kind == 4;
}

int text_is(const Python *py, const char *str, const char *ascii, u32 length) {
    Text text;
    return text_of(py, str, &text) && text.kind == 1 && text.length == length && !memcmp(text.data, ascii, length);
}

static u32 character(const Text *text, u64 at) {
    return text->kind == 1 ? text->data[at] : text->kind == 2 ? ((const u16 *)text->data)[at] : ((const u32 *)text->data)[at];
}

/* UTF-8 of one character; a lone surrogate becomes "?". */
static u32 encode(u32 c, u8 *into) {
    if (c >= 0xD800 && c <= 0xDFFF) c = '?';
    if (c < 0x80) { into[0] = (u8)c; return 1; }
    if (c < 0x800) { into[0] = (u8)(0xC0 | c >> 6); into[1] = (u8)(0x80 | (c & 63)); return 2; }
    if (c < 0x10000) {
        into[0] = (u8)(0xE0 | c >> 12); into[1] = (u8)(0x80 | (c >> 6 & 63)); into[2] = (u8)(0x80 | (c & 63));
        return 3;
    }
    into[0] = (u8)(0xF0 | c >> 18); into[1] = (u8)(0x80 | (c >> 12 & 63));
    into[2] = (u8)(0x80 | (c >> 6 & 63)); into[3] = (u8)(0x80 | (c & 63));
    return 4;
}

u32 text_utf8(const Python *py, const char *str, char *buffer, u32 limit) {
    Text text;
    u32 used = 0;
    if (!str || !text_of(py, str, &text)) return 0;
    if (text.kind == 1 && half_at(str, STR_STATE) & 0x40) {
        used = text.length < limit ? (u32)text.length : limit;
        memcpy(buffer, text.data, used);
        return used;
    }
    for (u64 i = 0; i < text.length; i++) {
        u8 bytes[4];
        u32 n = encode(character(&text, i), bytes);
        if (used + n > limit) break;
        memcpy(buffer + used, bytes, n);
        used += n;
    }
    return used;
}

/* ---- int ---- */

long long int_of(const Python *py, const char *o, int *fits) {
    u64 value = 0, word = word_at(o, OB_SIZE), digits;
    int negative, bits = (int)py->layout.int_bits;
    if (py->layout.int_tagged) {
        digits = word >> 3;
        negative = (word & 3) == 2;
    } else {
        negative = (int64_t)word < 0;
        digits = negative ? -word : word;
    }
    *fits = bits == 30 && digits <= 2;
    if (!*fits) return 0;
    for (u64 i = digits; i-- > 0;) value = value << 30 | half_at(o, 24 + 4 * (long)i);
    return negative ? -(long long)value : (long long)value;
}

u32 decimal(long long value, char *into) {
    char digits[24];
    u32 used = 0, n = 0;
    u64 rest = value < 0 ? -(u64)value : (u64)value;
    do digits[n++] = (char)('0' + rest % 10); while (rest /= 10);
    if (value < 0) into[used++] = '-';
    while (n) into[used++] = digits[--n];
    return used;
}

u32 int_text(const Python *py, const char *o, char *into) {
    int fits;
    long long value = int_of(py, o, &fits);
    return fits ? decimal(value, into) : 0;
}
