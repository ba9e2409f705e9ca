/* What str, int and bytes objects say, read without making anything: keys' texts, hashes, previews. */
#include <stdio.h>
#include <stdlib.h>
#include "core.h"

#define MAX_KEY 200
#define MAX_PREVIEW 120
#define HASHES 65536

int text_of(char *str, Text *text) {
    u32 state = half_at(str, STR_STATE);
    if (layout.str_ascii < 0 || !(state & 0x20)) return 0;                        /* not compact: kept elsewhere */
    if (layout.str_ready > 0 && !(state & (u32)layout.str_ready)) return 0;
    text->kind = (u8)(state >> 2 & 7);
    text->length = word_at(str, STR_LENGTH);
    text->data = (const u8 *)str + (state & 0x40 ? layout.str_ascii : layout.str_wide);
    return text->kind == 1 || text->kind == 2 || text->kind == 4;
}

int text_is(char *str, const char *ascii, u32 length) {
    Text text;
    return text_of(str, &text) && text.kind == 1 && text.length == length && !memcmp(text.data, ascii, length);
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

u32 text_utf8(char *str, char *buffer, u32 limit) {
    Text text;
    u32 used = 0;
    if (!str || !text_of(str, &text)) return 0;
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

long long int_of(char *o, int *fits) {
    u64 value = 0, word = word_at(o, OB_SIZE), digits;
    int negative, bits = (int)layout.int_bits;
    if (layout.int_tagged) {
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

static u32 decimal(long long value, char *into) {
    char digits[24];
    u32 used = 0, n = 0;
    u64 rest = value < 0 ? -(u64)value : (u64)value;
    do digits[n++] = (char)('0' + rest % 10); while (rest /= 10);
    if (value < 0) into[used++] = '-';
    while (n) into[used++] = digits[--n];
    return used;
}

static u32 int_text(char *o, char *into) {
    int fits;
    long long value = int_of(o, &fits);
    return fits ? decimal(value, into) : 0;
}

/* ---- STRS ---- */

void text_key(Walk *w, char *o, u32 number) {
    char *type = type_of(o), text[MAX_KEY];
    u32 length;
    if (table_bit(&w->table, number, texted)) return;
    table_set(&w->table, number, texted);
    if (type == known.str_) length = text_utf8(o, text, MAX_KEY);
    else if (type == known.int_ && !(length = int_text(o, text))) return;
    else if (type != known.int_) return;
    if (!block_room(&w->texts, length + 6)) return;
    put32(&w->texts, number);
    put16(&w->texts, (u16)length);
    put(&w->texts, text, length);
    w->texts.count++;
}

/* ---- HASH ---- */

/* Python's own hash: the one that the object remembers, else computed and not written there (that would copy a page). */
void text_hash(Walk *w, char *o, TypeInfo *t, u32 number) {
    int64_t hash = (int64_t)word_at(o, t->is_str ? STR_HASH : BYTES_HASH);
    if (hash == -1) {
        if (!api.HashBuffer) return;
        if (t->is_str) {
            Text text;
            if (!text_of(o, &text)) return;
            hash = api.HashBuffer(text.data, (Py_ssize_t)(text.length * text.kind));
        } else hash = api.HashBuffer(o + BYTES_DATA, (Py_ssize_t)word_at(o, OB_SIZE));
    }
    if (w->hash_filled == HASHES) text_hash_flush(w);
    w->hash_refs[w->hash_filled] = number;
    w->hash_values[w->hash_filled++] = (u64)hash;
}

void text_hash_flush(Walk *w) {
    Piece pieces[2] = {{w->hash_refs, 4ull * w->hash_filled}, {w->hash_values, 8ull * w->hash_filled}};
    if (w->hash_filled) out_block(&w->out, "HASH", w->hash_filled, pieces, 2);
    w->hash_filled = 0;
}

/* ---- PREV ---- */

int text_matches_secret(Walk *w, const char *text, u32 length) {
    for (int i = 0; i < w->redact_count; i++) {
        u32 n = (u32)strlen(w->redact[i]);
        for (u32 at = 0; n && at + n <= length; at++) {
            u32 k = 0;
            while (k < n && (text[at + k] | (text[at + k] >= 'A' && text[at + k] <= 'Z' ? 32 : 0)) == w->redact[i][k]) k++;
            if (k == n) return 1;
        }
    }
    return 0;
}

/* As repr() writes it but for rare last digits. snprintf and strtod of a double neither allocate nor lock. */
static u32 float_text(char *o, char *into) {
    double value;
    u64 bits = word_at(o, 16);
    u32 used;
    memcpy(&value, &bits, 8);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(into, 32, "%.*g", digits, value);
        if (strtod(into, NULL) == value) break;
    }
    used = (u32)strlen(into);
    if (!strpbrk(into, ".en")) { memcpy(into + used, ".0", 2); used += 2; }
    return used;
}

static u32 length_text(u64 length, char *into) {
    u32 used = decimal((long long)length, into);
    memcpy(into + used, length == 1 ? " item" : " items", length == 1 ? 5 : 6);
    return used + (length == 1 ? 5 : 6);
}

static u32 bytes_text(char *o, char *into) {
    static const char hex[] = "0123456789abcdef";
    u64 length = word_at(o, OB_SIZE);
    u32 used = 0;
    for (u64 i = 0; i < length && used + 4 <= MAX_PREVIEW; i++) {
        u8 c = byte_at(o, BYTES_DATA + (long)i);
        if (c >= 32 && c < 127 && c != '\\') { into[used++] = (char)c; continue; }
        into[used++] = '\\'; into[used++] = 'x'; into[used++] = hex[c >> 4]; into[used++] = hex[c & 15];
    }
    return used;
}

/* Of built-in exact types alone; -1 where there is nothing to show. */
static int preview(char *o, char *into) {
    char *type = type_of(o);
    if (type == known.str_) return (int)text_utf8(o, into, MAX_PREVIEW);
    if (type == known.int_) { u32 n = int_text(o, into); return n ? (int)n : -1; }
    if (type == known.bool_) { int t = *(u32 *)(o + 24) != 0; memcpy(into, t ? "True" : "False", 5); return t ? 4 : 5; }
    if (type == known.NoneType_) { memcpy(into, "None", 4); return 4; }
    if (type == known.float_) return (int)float_text(o, into);
    if (type == known.bytes_) return (int)bytes_text(o, into);
    if (type == known.list_ || type == known.tuple_) return (int)length_text(word_at(o, OB_SIZE), into);
    if (type == known.dict_) return (int)length_text((u64)PyDict_Size((PyObject *)o), into);
    if (type == known.set_ || type == known.frozenset_) return (int)length_text(word_at(o, 24), into);
    return -1;
}

/* At the end, when every name under which an object is held is known. */
void text_previews(Walk *w) {
    w->progress->phase = PHASE_PREVIEWS;
    edges_secret(w);
    for (u64 number = 0; number < w->table.count && !stopped(w); number++) {
        char text[MAX_PREVIEW], *o = table_address(&w->table, (u32)number);
        int length;
        if (table_bit(&w->table, number, secret) || (length = preview(o, text)) < 0) continue;
        if (!block_room(&w->previews, (u32)length + 6)) return;
        put32(&w->previews, (u32)number);
        put16(&w->previews, (u16)length);
        put(&w->previews, text, (u32)length);
        w->previews.count++;
        if (!(number & 4095) && w->progress->cancel) stop_walk(w, STOP_CANCEL);
    }
}
